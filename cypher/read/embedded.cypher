// Which of these facts, episodes or records have an embedding
// :param namespace => 'acme/users/42'
// :param ids => ['f_0123456789abcdef']
// Columns: id
UNWIND $ids AS id
MATCH (x:Memory {namespace: $namespace, id: id})
USING INDEX SEEK x:Memory(namespace, id)
WHERE x.embedding IS NOT NULL
RETURN id
