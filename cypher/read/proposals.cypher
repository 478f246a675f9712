// What models proposed and nobody decided
// :param namespace => 'acme/users/42'
// Columns: proposal
MATCH (p:Memory {namespace: $namespace})
USING INDEX SEEK p:Memory(namespace, id)
WHERE p.id STARTS WITH 'q_'
RETURN properties(p) AS proposal ORDER BY p.id
