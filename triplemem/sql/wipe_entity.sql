DELETE FROM entity WHERE ns = :ns
