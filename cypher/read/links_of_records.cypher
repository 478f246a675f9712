// What these records rest on, used or concern
// :param namespace => 'acme/users/42'
// :param ids => ['r_0123456789abcdef']
// Columns: id, type, to
UNWIND $ids AS id
MATCH (r:Memory {namespace: $namespace, id: id})-[l:FROM|USED|CONCERNS]->(x)
USING INDEX SEEK r:Memory(namespace, id)
RETURN DISTINCT id, type(l) AS type, x.id AS to
