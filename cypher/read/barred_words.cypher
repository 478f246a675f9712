// How many words the erased names have
// :param namespace => 'acme/users/42'
// Columns: words
MATCH (b:Memory {namespace: $namespace})
WHERE b.id STARTS WITH 'bar ' AND b.scope = 'named'
MATCH (t:Memory {namespace: $namespace, id: b.tombstone})
WHERE t.lifted_at IS NULL
RETURN DISTINCT b.words AS words
