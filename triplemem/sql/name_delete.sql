DELETE FROM name WHERE ns = :ns AND key = :key
