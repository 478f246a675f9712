SELECT coalesce(max(n) + 1, 0) FROM claim WHERE ns = :ns AND episode = :episode
