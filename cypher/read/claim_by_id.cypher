// One claim
// :param namespace => 'acme/users/42'
// :param id => 'c_0123456789abcdef.0'
// Columns: claim
MATCH (c:Memory {namespace: $namespace, id: $id})
USING INDEX SEEK c:Memory(namespace, id)
RETURN properties(c) AS claim
