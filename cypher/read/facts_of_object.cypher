// Facts by their object, whose last period ends after a time
// :param namespace => 'acme/users/42'
// :param object => 'n_0123456789abcdef'
// :param holding => -9223372036854775808
// :param limit => 100
// Columns: fact
MATCH (f:Fact {namespace: $namespace, object: $object})
USING INDEX SEEK f:Fact(namespace, object, predicate, holds_to)
WHERE f.predicate IS NOT NULL AND f.holds_to > $holding
RETURN f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at,
  periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }} AS fact LIMIT $limit
