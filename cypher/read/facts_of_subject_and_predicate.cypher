// Facts by their subject and predicate, whose last period ends after a time
// :param namespace => 'acme/users/42'
// :param subject => 'n_0123456789abcdef'
// :param predicate => 'leads'
// :param holding => -9223372036854775808
// :param limit => 100
// Columns: fact
MATCH (f:Fact {namespace: $namespace, subject: $subject, predicate: $predicate})
USING INDEX SEEK f:Fact(namespace, subject, predicate, holds_to)
WHERE f.holds_to > $holding
RETURN f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at,
  periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }} AS fact LIMIT $limit
