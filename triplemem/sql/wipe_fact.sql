DELETE FROM fact WHERE ns = :ns
