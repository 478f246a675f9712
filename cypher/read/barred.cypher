// The tombstones in force under these digests
// :param namespace => 'acme/users/42'
// :param digests => ['00']
// Columns: digest, tombstone, scope, verb, bars
UNWIND $digests AS digest
MATCH (b:Memory {namespace: $namespace})
USING INDEX SEEK b:Memory(namespace, id)
WHERE b.id STARTS WITH 'bar ' + digest
MATCH (t:Memory {namespace: $namespace, id: b.tombstone})
USING INDEX SEEK t:Memory(namespace, id)
WHERE t.lifted_at IS NULL
RETURN digest, t.id AS tombstone, b.scope AS scope, t.verb AS verb, t.bars AS bars
