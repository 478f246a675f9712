// Every tombstone, lifted ones too
// :param namespace => 'acme/users/42'
// Columns: tombstone
MATCH (t:Memory {namespace: $namespace})
WHERE t.id STARTS WITH 't_'
RETURN properties(t) AS tombstone ORDER BY t.id
