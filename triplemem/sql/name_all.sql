SELECT key, entity, text FROM name WHERE ns = :ns ORDER BY key
