DELETE FROM event WHERE ns = :ns
