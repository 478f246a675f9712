// How many episodes stood behind each fact at a time
// :param namespace => 'acme/users/42'
// :param ids => ['f_0123456789abcdef']
// :param known => 9223372036854775806
// Columns: fact, support
UNWIND $ids AS id
MATCH (m:Memory {namespace: $namespace, id: id})<-[:ASSERTS]-(c:Claim)
USING INDEX SEEK m:Memory(namespace, id)
WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
RETURN id AS fact, count(DISTINCT c.episode) AS support
