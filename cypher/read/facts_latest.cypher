// The facts that the newest claims are of, newest first
// :param namespace => 'acme/users/42'
// :param limit => 10
// Columns: fact
MATCH (e:Memory {namespace: $namespace})
USING INDEX SEEK e:Memory(namespace, id)
WHERE e.id STARTS WITH 'e_'
MATCH (e)<-[:FROM]-(c:Claim)
RETURN c.fact AS fact ORDER BY e.id DESC, c.n DESC LIMIT $limit
