SELECT id, name, kind, merged, aliases, recorded_at FROM entity WHERE ns = :ns AND id IN (SELECT value FROM json_each(:ids))
