// The newest episodes whose claims stood behind a fact at a time
// :param namespace => 'acme/users/42'
// :param id => 'f_0123456789abcdef'
// :param known => 9223372036854775806
// :param limit => 5
// Columns: episode
MATCH (:Memory {namespace: $namespace, id: $id})<-[:ASSERTS]-(c:Claim)
WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
RETURN DISTINCT c.episode AS episode ORDER BY episode DESC LIMIT $limit
