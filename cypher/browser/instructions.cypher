// Which instructions there were
// Each prompt with its versions, what was proposed for them, and the rules that came of it, latest first.
// :param namespace => 'acme/team'
// Columns: at, prompt, what, body, actor, path
MATCH (r:Record {namespace: $namespace})
USING INDEX SEEK r:Record(namespace, kind, name, id)
WHERE r.kind IN ['prompt', 'proposal', 'rule'] AND r.name >= '' AND r.id >= ''
RETURN datetime({epochMillis: r.recorded_at / 1000}) AS at, r.name AS prompt, r.kind AS what, r.body AS body, r.actor AS actor,
  [path = (r)-[:CONCERNS]->(:Record) | path] AS path
ORDER BY at DESC LIMIT 100
