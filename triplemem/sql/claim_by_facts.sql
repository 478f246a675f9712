SELECT * FROM claim INDEXED BY claim_fact WHERE ns = :ns AND fact IN (SELECT value FROM json_each(:ids))
