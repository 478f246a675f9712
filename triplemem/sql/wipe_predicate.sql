DELETE FROM predicate WHERE ns = :ns
