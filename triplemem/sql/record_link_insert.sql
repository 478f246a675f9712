INSERT OR IGNORE INTO record_link (ns, record, what, target) VALUES (?, ?, ?, ?)
