UPDATE tombstone SET lifted_at = :at WHERE ns = :ns AND id = :id
