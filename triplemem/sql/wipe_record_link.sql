DELETE FROM record_link WHERE ns = :ns
