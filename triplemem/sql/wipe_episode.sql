DELETE FROM episode WHERE ns = :ns
