SELECT * FROM episode WHERE ns = :ns AND id IN (
  SELECT id FROM episode INDEXED BY episode_session
  WHERE ns = :ns AND occurred_at >= :since AND occurred_at < :until AND (occurred_at, id) > (:after_at, :after_id)
  ORDER BY occurred_at, id LIMIT :limit)
ORDER BY occurred_at, id
