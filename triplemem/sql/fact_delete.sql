DELETE FROM fact WHERE ns = :ns AND id = :id
