DELETE FROM link WHERE ns = :ns
