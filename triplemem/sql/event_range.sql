SELECT at, id, actor, kind, fact, cause, reason FROM event WHERE ns = :ns AND at >= :since AND at < :until ORDER BY at, id
