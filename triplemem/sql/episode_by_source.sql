SELECT * FROM episode WHERE ns = :ns AND source_id = :source_id ORDER BY id
