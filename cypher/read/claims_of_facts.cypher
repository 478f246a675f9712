// All claims of these facts, retracted ones too
// :param namespace => 'acme/users/42'
// :param ids => ['f_0123456789abcdef']
// Columns: fact, claim
UNWIND $ids AS id
MATCH (m:Memory {namespace: $namespace, id: id})<-[:ASSERTS]-(c:Claim)
USING INDEX SEEK m:Memory(namespace, id)
RETURN id AS fact, properties(c) AS claim
