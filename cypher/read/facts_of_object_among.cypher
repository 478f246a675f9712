// Facts of one object whose predicate is one of these
// :param namespace => 'acme/users/42'
// :param object => 'n_0123456789abcdef'
// :param predicates => ['leads', 'manages']
// :param holding => -9223372036854775808
// Columns: fact
UNWIND $predicates AS predicate
MATCH (f:Fact {namespace: $namespace, object: $object, predicate: predicate})
USING INDEX SEEK f:Fact(namespace, object, predicate, holds_to)
WHERE f.holds_to > $holding
RETURN f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at,
  periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }} AS fact
