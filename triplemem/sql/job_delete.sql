DELETE FROM job WHERE ns = :ns AND episode = :episode
