// Facts of entities whose last period ends after a time, at most so many from either end of each
// :param namespace => 'acme/users/42'
// :param ids => ['n_0123456789abcdef']
// :param holding => -9223372036854775808
// :param limit => 100
// Columns: fact
UNWIND $ids AS entity
CALL (entity) {
  MATCH (f:Fact {namespace: $namespace, subject: entity})
  USING INDEX SEEK f:Fact(namespace, subject, predicate, holds_to)
  WHERE f.predicate IS NOT NULL AND f.holds_to > $holding
  RETURN f.id AS fact LIMIT $limit
  UNION ALL
  MATCH (f:Fact {namespace: $namespace, object: entity})
  USING INDEX SEEK f:Fact(namespace, object, predicate, holds_to)
  WHERE f.predicate IS NOT NULL AND f.holds_to > $holding
  RETURN f.id AS fact LIMIT $limit
}
RETURN DISTINCT fact
