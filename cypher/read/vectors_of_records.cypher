// The embeddings of the records of a kind
// :param namespace => 'acme/users/42'
// :param kind => 'experience'
// Columns: id, embedding
MATCH (r:Record {namespace: $namespace, kind: $kind})
USING INDEX SEEK r:Record(namespace, kind, name, id)
WHERE r.name >= '' AND r.id >= '' AND r.embedding IS NOT NULL
RETURN r.id AS id, r.embedding AS embedding ORDER BY id
