// The facts of these ids
// :param namespace => 'acme/users/42'
// :param ids => ['f_0123456789abcdef']
// Columns: fact
UNWIND $ids AS id
MATCH (f:Memory {namespace: $namespace, id: id})
USING INDEX SEEK f:Memory(namespace, id)
RETURN f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at,
  periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }} AS fact
