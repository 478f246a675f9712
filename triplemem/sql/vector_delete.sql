DELETE FROM vector WHERE ns = :ns AND id = :id AND (kind = 'episode') = (:kind = 'episode')
