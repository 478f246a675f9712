SELECT id, name, definition, actor, recorded_at FROM predicate WHERE ns = :ns ORDER BY id
