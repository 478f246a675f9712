// The facts that a merge or a definition turned into one of these
// :param namespace => 'acme/users/42'
// :param ids => ['f_0123456789abcdef']
// Columns: fact
UNWIND $ids AS id
MATCH (f:Fact {namespace: $namespace, moved_to: id})
USING INDEX SEEK f:Fact(namespace, moved_to)
RETURN f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at,
  periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }} AS fact
