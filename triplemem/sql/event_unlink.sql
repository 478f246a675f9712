UPDATE event SET fact = NULL WHERE ns = :ns AND fact = :fact
