// Which of these episodes state anything, by claims recorded by then
// :param namespace => 'acme/users/42'
// :param ids => ['e_0123456789abcdef']
// :param known => 9223372036854775806
// Columns: id
UNWIND $ids AS id
MATCH (e:Memory {namespace: $namespace, id: id})
USING INDEX SEEK e:Memory(namespace, id)
WHERE EXISTS { MATCH (e)<-[:FROM]-(c:Claim) WHERE c.recorded_at <= $known }
RETURN id
