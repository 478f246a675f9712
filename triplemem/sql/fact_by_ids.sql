SELECT id, subject, predicate, object, holds_to, support, indexed, moved_to, rejected, recorded_at FROM fact WHERE ns = :ns AND id IN (SELECT value FROM json_each(:ids))
