SELECT id, subject, predicate, object, holds_to, support, indexed, moved_to, rejected, recorded_at FROM fact INDEXED BY fact_object WHERE ns = :ns AND object = :object AND holds_to > :holding
