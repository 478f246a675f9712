// The records of these ids
// :param namespace => 'acme/users/42'
// :param ids => ['r_0123456789abcdef']
// Columns: record
UNWIND $ids AS id
MATCH (r:Memory {namespace: $namespace, id: id})
USING INDEX SEEK r:Memory(namespace, id)
RETURN r {.id, .kind, .name, .body, .actor, .recorded_at} AS record ORDER BY r.id
