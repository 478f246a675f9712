SELECT id FROM vector WHERE ns = :ns AND kind = :kind AND id IN (SELECT value FROM json_each(:ids))
