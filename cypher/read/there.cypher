// Is a node of this id there?
// :param namespace => 'acme/users/42'
// :param id => 'e_0123456789abcdef'
// Columns: id
MATCH (x:Memory {namespace: $namespace, id: $id})
USING INDEX SEEK x:Memory(namespace, id)
RETURN x.id AS id
