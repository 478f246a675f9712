// The claims that end or correct one of these facts
// :param namespace => 'acme/users/42'
// :param ids => ['f_0123456789abcdef']
// Columns: fact, claim
UNWIND $ids AS id
MATCH (m:Memory {namespace: $namespace, id: id})<-[:ENDS|CORRECTS]-(c:Claim)
USING INDEX SEEK m:Memory(namespace, id)
RETURN DISTINCT id AS fact, properties(c) AS claim
