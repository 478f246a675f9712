SELECT * FROM episode INDEXED BY episode_session WHERE ns = :ns AND session = :session AND occurred_at <= :at AND (occurred_at, id) < (:at, :id) ORDER BY occurred_at DESC, id DESC LIMIT :limit
