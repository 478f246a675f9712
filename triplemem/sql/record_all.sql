SELECT id, kind, name, body, actor, recorded_at FROM record WHERE ns = :ns ORDER BY id
