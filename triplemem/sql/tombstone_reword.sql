UPDATE tombstone SET reason = :reason WHERE ns = :ns AND id = :id
