SELECT * FROM episode WHERE ns = :ns AND id IN (SELECT value FROM json_each(:ids)) ORDER BY id
