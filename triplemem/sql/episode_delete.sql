DELETE FROM episode WHERE ns = :ns AND id = :id
