SELECT id FROM vector WHERE ns = :ns AND id IN (SELECT value FROM json_each(:ids)) AND (kind = 'episode') = (:kind = 'episode')
