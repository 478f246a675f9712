DELETE FROM verdict WHERE ns = :ns
