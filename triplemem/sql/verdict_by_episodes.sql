SELECT * FROM verdict INDEXED BY verdict_episode WHERE ns = :ns AND episode IN (SELECT value FROM json_each(:ids)) ORDER BY id
