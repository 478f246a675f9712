DELETE FROM record WHERE ns = :ns AND id = :id
