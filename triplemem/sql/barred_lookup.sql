SELECT b.digest, b.tombstone, b.scope, t.verb, t.bars FROM barred AS b JOIN tombstone AS t ON t.ns = b.ns AND t.id = b.tombstone WHERE b.ns = ? AND b.digest = ? AND t.lifted_at IS NULL
