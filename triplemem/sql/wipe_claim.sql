DELETE FROM claim WHERE ns = :ns
