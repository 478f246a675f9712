SELECT id, kind, name, body, actor, recorded_at FROM record
WHERE ns = :ns AND kind = :kind AND name = :name AND id > :after AND recorded_at <= :known ORDER BY id LIMIT :limit
