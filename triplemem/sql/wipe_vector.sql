DELETE FROM vector WHERE ns = :ns
