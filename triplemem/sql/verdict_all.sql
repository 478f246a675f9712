SELECT * FROM verdict WHERE ns = :ns ORDER BY id
