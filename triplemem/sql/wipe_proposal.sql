DELETE FROM proposal WHERE ns = :ns
