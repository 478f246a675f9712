SELECT * FROM verdict WHERE ns = :ns AND episode IN (SELECT value FROM json_each(:ids)) ORDER BY id
