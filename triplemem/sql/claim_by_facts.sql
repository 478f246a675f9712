SELECT * FROM claim WHERE ns = :ns AND fact IN (SELECT value FROM json_each(:ids))
