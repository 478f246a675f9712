// All claims of a namespace
// :param namespace => 'acme/users/42'
// Columns: claim
MATCH (c:Memory {namespace: $namespace})
USING INDEX SEEK c:Memory(namespace, id)
WHERE c.id STARTS WITH 'c_'
RETURN properties(c) AS claim ORDER BY c.episode, c.n
