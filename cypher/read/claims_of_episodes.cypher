// All claims of these episodes, retracted ones too
// :param namespace => 'acme/users/42'
// :param ids => ['e_0123456789abcdef']
// Columns: episode, claim
UNWIND $ids AS id
MATCH (m:Memory {namespace: $namespace, id: id})<-[:FROM]-(c:Claim)
USING INDEX SEEK m:Memory(namespace, id)
RETURN id AS episode, properties(c) AS claim ORDER BY c.episode, c.n
