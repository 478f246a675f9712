SELECT * FROM verdict INDEXED BY verdict_fact WHERE ns = :ns AND fact IN (SELECT value FROM json_each(:ids)) ORDER BY id
