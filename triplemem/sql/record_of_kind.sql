SELECT id, kind, name, body, actor, recorded_at FROM record  -- found by the kind, not by the number
WHERE ns = :ns AND kind = :kind AND +id > :after AND recorded_at <= :known ORDER BY +id LIMIT :limit
