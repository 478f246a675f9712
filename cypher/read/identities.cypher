// Aliases, merges and splits in the order recorded
// :param namespace => 'acme/users/42'
// Columns: identity
MATCH (i:Memory {namespace: $namespace})
USING INDEX SEEK i:Memory(namespace, id)
WHERE i.id STARTS WITH 'i_'
RETURN properties(i) AS identity ORDER BY i.id
