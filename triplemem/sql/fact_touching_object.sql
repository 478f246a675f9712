SELECT id FROM fact INDEXED BY fact_object WHERE ns = :ns AND object = :entity AND holds_to > :holding LIMIT :limit
