// One end or retraction
// :param namespace => 'acme/users/42'
// :param id => 'v_0123456789abcdef'
// Columns: verdict
MATCH (v:Memory {namespace: $namespace, id: $id})
USING INDEX SEEK v:Memory(namespace, id)
RETURN properties(v) AS verdict
