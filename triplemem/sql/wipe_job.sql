DELETE FROM job WHERE ns = :ns
