INSERT INTO words (words, rowid, text) VALUES ('delete', ?, ?)
