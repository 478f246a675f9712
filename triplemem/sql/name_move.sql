UPDATE name SET entity = :entity WHERE ns = :ns AND key = :key
