-- The newest rows that match, as one list: of thousands of rows, fetching each costs more than finding it.
SELECT json_group_array(rowid) FROM (SELECT rowid FROM words WHERE words MATCH ? ORDER BY rowid DESC LIMIT ?)
