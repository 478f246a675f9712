SELECT episode, state, attempts, error, not_before, lease, lease_until FROM job WHERE ns = :ns AND episode = :episode
