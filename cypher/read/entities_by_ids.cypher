// The entities of these ids
// :param namespace => 'acme/users/42'
// :param ids => ['n_0123456789abcdef']
// Columns: entity
UNWIND $ids AS id
MATCH (e:Memory {namespace: $namespace, id: id})
USING INDEX SEEK e:Memory(namespace, id)
RETURN properties(e) AS entity
