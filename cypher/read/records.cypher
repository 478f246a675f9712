// Every record of procedural and episodic memory, in the order recorded
// :param namespace => 'acme/users/42'
// Columns: record
MATCH (r:Memory {namespace: $namespace})
USING INDEX SEEK r:Memory(namespace, id)
WHERE r.id STARTS WITH 'r_'
RETURN r {.id, .kind, .name, .body, .actor, .recorded_at} AS record ORDER BY r.id
