// All ends and retractions of a namespace
// :param namespace => 'acme/users/42'
// Columns: verdict
MATCH (v:Memory {namespace: $namespace})
USING INDEX SEEK v:Memory(namespace, id)
WHERE v.id STARTS WITH 'v_'
RETURN properties(v) AS verdict ORDER BY v.id
