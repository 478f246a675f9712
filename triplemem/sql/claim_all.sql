SELECT * FROM claim WHERE ns = :ns ORDER BY episode, n
