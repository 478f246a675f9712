SELECT id FROM fact INDEXED BY fact_subject WHERE ns = :ns AND subject = :entity AND holds_to > :holding LIMIT :limit
