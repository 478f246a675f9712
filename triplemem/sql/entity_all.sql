SELECT id, name, kind, merged, aliases, recorded_at FROM entity WHERE ns = :ns ORDER BY id
