// Every digest with its tombstone, scope and number of words
// :param namespace => 'acme/users/42'
// Columns: bar
MATCH (b:Memory {namespace: $namespace})
USING INDEX SEEK b:Memory(namespace, id)
WHERE b.id STARTS WITH 'bar '
RETURN properties(b) AS bar ORDER BY b.tombstone, b.digest
