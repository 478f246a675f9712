SELECT * FROM proposal WHERE ns = :ns ORDER BY id
