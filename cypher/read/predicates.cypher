// Definitions of a namespace in the order recorded
// :param namespace => 'acme/users/42'
// Columns: definition
MATCH (p:Memory {namespace: $namespace})
USING INDEX SEEK p:Memory(namespace, id)
WHERE p.id STARTS WITH 'd_'
RETURN properties(p) AS definition ORDER BY p.id
