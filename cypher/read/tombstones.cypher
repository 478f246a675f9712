// Every tombstone, lifted ones too
// :param namespace => 'acme/users/42'
// Columns: tombstone
MATCH (t:Memory {namespace: $namespace})
USING INDEX SEEK t:Memory(namespace, id)
WHERE t.id STARTS WITH 't_'
RETURN properties(t) AS tombstone ORDER BY t.id
