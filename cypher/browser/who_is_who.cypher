// Who is who
// People and things with their other names, and in how many facts they are now and were once.
// :param namespace => 'acme/team'
// Columns: name, kind, also_called, facts_now, facts_once, id
MATCH (e:Memory {namespace: $namespace})
USING INDEX SEEK e:Memory(namespace, id)
WHERE e.id STARTS WITH 'n_' AND e.merged IS NULL
RETURN e.name AS name, e.kind AS kind, coalesce(e.aliases, []) AS also_called,
  COUNT { (e)-[r]-(:Entity) WHERE type(r) <> 'ENDED' } AS facts_now, COUNT { (e)-[:ENDED]-(:Entity) } AS facts_once,
  e.id AS id
ORDER BY kind, toLower(name)
