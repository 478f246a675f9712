// What changed this week
// What was added, ended, reopened and corrected in the last days, by when it was recorded, newest first.
// :param namespace => 'acme/team'
// :param days => 7
// Columns: at, kind, fact, reason, actor, cause, id
MATCH (x:Event {namespace: $namespace})
USING INDEX SEEK x:Event(namespace, at)
WHERE x.at >= toInteger((timestamp() - $days * 86400000) * 1000) AND x.kind <> 'used'
OPTIONAL MATCH (f:Memory {namespace: $namespace, id: x.fact})
USING INDEX SEEK f:Memory(namespace, id)
RETURN datetime({epochMillis: x.at / 1000}) AS at, x.kind AS kind, f.text AS fact, x.reason AS reason, x.actor AS actor,
  x.cause AS cause, x.fact AS id
ORDER BY x.at DESC LIMIT 1000
