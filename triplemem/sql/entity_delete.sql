DELETE FROM entity WHERE ns = :ns AND id = :id
