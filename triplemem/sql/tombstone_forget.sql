UPDATE tombstone SET fact = NULL, reason = NULL WHERE ns = :ns AND fact = :fact
