DELETE FROM tombstone WHERE ns = :ns
