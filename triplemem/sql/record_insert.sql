INSERT INTO record (ns, id, kind, name, body, actor, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?)
