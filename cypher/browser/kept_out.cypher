// What was corrected and stays out
// Rejections and erasures in force: what they bar from coming back. Of something erased only the fact that it was.
// :param namespace => 'acme/team'
// Columns: at, verb, bars, fact, reason, actor, id
MATCH (t:Memory {namespace: $namespace})
USING INDEX SEEK t:Memory(namespace, id)
WHERE t.id STARTS WITH 't_' AND t.lifted_at IS NULL
OPTIONAL MATCH (f:Memory {namespace: $namespace, id: t.fact})
USING INDEX SEEK f:Memory(namespace, id)
RETURN datetime({epochMillis: t.recorded_at / 1000}) AS at, t.verb AS verb, t.bars AS bars, f.text AS fact, t.reason AS reason,
  t.actor AS actor, t.id AS id
ORDER BY at DESC
