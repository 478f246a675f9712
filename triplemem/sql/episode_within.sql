SELECT id FROM episode WHERE ns = :ns AND rendered = 0 AND id IN (
  SELECT id FROM episode INDEXED BY episode_session
  WHERE ns = :ns AND occurred_at >= :start AND occurred_at < :end
  ORDER BY occurred_at, id LIMIT 5 * :limit)
ORDER BY occurred_at, id LIMIT :limit
