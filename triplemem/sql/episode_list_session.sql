SELECT * FROM episode WHERE ns = :ns AND session = :session AND occurred_at >= :since AND occurred_at < :until AND (occurred_at, id) > (:after_at, :after_id) ORDER BY occurred_at, id LIMIT :limit
