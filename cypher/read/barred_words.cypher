// How many words the erased names have
// :param namespace => 'acme/users/42'
// Columns: words
MATCH (b:Memory {namespace: $namespace})
USING INDEX SEEK b:Memory(namespace, id)
WHERE b.id STARTS WITH 'bar ' AND b.scope = 'named'
MATCH (t:Memory {namespace: $namespace, id: b.tombstone})
USING INDEX SEEK t:Memory(namespace, id)
WHERE t.lifted_at IS NULL
RETURN DISTINCT b.words AS words
