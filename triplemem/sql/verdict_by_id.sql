SELECT * FROM verdict WHERE ns = :ns AND id = :id
