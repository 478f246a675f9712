// How many rows a namespace has, as far as the limit
// :param namespace => 'acme/users/42'
// :param limit => 10000
// Columns: rows
MATCH (x:Memory {namespace: $namespace})
USING INDEX SEEK x:Memory(namespace, id)
WHERE x.id IS NOT NULL
WITH x LIMIT $limit
RETURN count(*) AS rows
