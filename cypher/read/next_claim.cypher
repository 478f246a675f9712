// The place of the next claim of an episode
// :param namespace => 'acme/users/42'
// :param id => 'e_0123456789abcdef'
// Columns: n
MATCH (m:Memory {namespace: $namespace, id: $id})<-[:FROM]-(c:Claim)
USING INDEX SEEK m:Memory(namespace, id)
RETURN coalesce(max(c.n) + 1, 0) AS n
