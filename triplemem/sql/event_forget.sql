UPDATE event SET reason = NULL, cause = NULL WHERE ns = :ns AND fact = :fact
