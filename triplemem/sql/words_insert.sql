INSERT INTO words (rowid, text) VALUES (?, ?)
