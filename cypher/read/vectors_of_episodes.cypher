// The embeddings of the episodes of a namespace
// :param namespace => 'acme/users/42'
// Columns: id, embedding
MATCH (x:Memory {namespace: $namespace})
USING INDEX SEEK x:Memory(namespace, id)
WHERE x.id STARTS WITH 'e_' AND x.embedding IS NOT NULL
RETURN x.id AS id, x.embedding AS embedding ORDER BY id
