// A namespace at a glance
// Everything that holds now, each fact as one arrow; at most 300 of them.
// :param namespace => 'acme/team'
// Columns: one, now, other
MATCH (one:Memory {namespace: $namespace})
USING INDEX SEEK one:Memory(namespace, id)
WHERE one.id STARTS WITH 'n_'
MATCH (one)-[now]->(other:Entity)
WHERE type(now) <> 'ENDED'
RETURN one, now, other LIMIT 300
