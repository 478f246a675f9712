SELECT * FROM episode WHERE ns = :ns AND (source_id = :source_id OR substr(source_id, 1, length(:source_id) + 1) = :source_id || '#') ORDER BY id
