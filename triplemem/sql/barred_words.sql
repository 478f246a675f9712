SELECT DISTINCT b.words FROM barred AS b JOIN tombstone AS t ON t.ns = b.ns AND t.id = b.tombstone WHERE b.ns = :ns AND b.scope = 'named' AND t.lifted_at IS NULL
