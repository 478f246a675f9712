SELECT id, kind, name, body, actor, recorded_at FROM record
WHERE ns = :ns AND id IN (SELECT value FROM json_each(:ids)) ORDER BY id
