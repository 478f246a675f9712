SELECT fact FROM claim WHERE ns = :ns AND episode > 0 ORDER BY episode DESC, n DESC LIMIT :limit
