DELETE FROM barred WHERE ns = :ns
