INSERT OR IGNORE INTO barred VALUES (?, ?, ?, ?, ?)
