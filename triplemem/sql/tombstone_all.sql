SELECT * FROM tombstone WHERE ns = :ns ORDER BY id
