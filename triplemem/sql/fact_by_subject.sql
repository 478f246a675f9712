SELECT id, subject, predicate, object, holds_to, support, indexed, moved_to, rejected, recorded_at FROM fact INDEXED BY fact_subject WHERE ns = :ns AND subject = :subject AND holds_to > :holding
