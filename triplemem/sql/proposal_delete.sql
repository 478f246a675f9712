DELETE FROM proposal WHERE ns = :ns AND id = :id
