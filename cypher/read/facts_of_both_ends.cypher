// The facts of a subject and an object
// :param namespace => 'acme/users/42'
// :param subject => 'n_0123456789abcdef'
// :param object => 'n_0123456789abcdef'
// :param holding => -9223372036854775808
// Columns: fact
MATCH (f:Fact {namespace: $namespace, subject: $subject})
USING INDEX SEEK f:Fact(namespace, subject, predicate, holds_to)
WHERE f.predicate IS NOT NULL AND f.holds_to > $holding AND f.object = $object
RETURN f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at,
  periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }} AS fact
