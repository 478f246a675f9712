DELETE FROM name WHERE ns = :ns
