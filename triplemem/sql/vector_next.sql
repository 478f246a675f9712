-- The last change of all vectors: the next one is numbered after it.
SELECT coalesce(max(
    coalesce((SELECT max(change) FROM vector WHERE ns = :ns AND kind = 'fact'), 0),
    coalesce((SELECT max(change) FROM vector WHERE ns = :ns AND kind = 'past'), 0),
    coalesce((SELECT max(change) FROM vector WHERE ns = :ns AND kind = 'episode'), 0),
    coalesce((SELECT max(change) FROM vector WHERE ns = :ns AND kind = 'record'), 0)), 0)
