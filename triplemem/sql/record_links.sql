SELECT record, what, target FROM record_link
WHERE ns = :ns AND record IN (SELECT value FROM json_each(:ids)) ORDER BY record, what, target
