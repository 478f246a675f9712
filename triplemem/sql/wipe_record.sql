DELETE FROM record WHERE ns = :ns
