DELETE FROM secret WHERE ns = :ns
