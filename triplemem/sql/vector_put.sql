INSERT OR REPLACE INTO vector VALUES (?, ?, ?, ?)
