SELECT id, subject, predicate, object, holds_to, support, indexed, moved_to, rejected, recorded_at FROM fact WHERE ns = :ns AND holds_to > :holding LIMIT :limit
