SELECT digest, tombstone, scope, words FROM barred WHERE ns = :ns ORDER BY tombstone, digest
