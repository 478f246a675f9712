-- How often vectors were taken away, and the last change; what was written since is found by it. Records are not kept.
SELECT n.vectors, coalesce(max(
    coalesce((SELECT max(change) FROM vector WHERE ns = :ns AND kind = 'fact'), 0),
    coalesce((SELECT max(change) FROM vector WHERE ns = :ns AND kind = 'past'), 0),
    coalesce((SELECT max(change) FROM vector WHERE ns = :ns AND kind = 'episode'), 0)), 0)
FROM namespace AS n WHERE n.n = :ns
