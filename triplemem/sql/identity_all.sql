SELECT * FROM identity WHERE ns = :ns ORDER BY id
