// Of each fact the newest episodes whose claims stood behind it at a time
// :param namespace => 'acme/users/42'
// :param ids => ['f_0123456789abcdef']
// :param known => 9223372036854775806
// :param limit => 5
// Columns: fact, episodes
UNWIND $ids AS fact
CALL (fact) {
  MATCH (m:Memory {namespace: $namespace, id: fact})<-[:ASSERTS]-(c:Claim)
  USING INDEX SEEK m:Memory(namespace, id)
  WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
  WITH DISTINCT c.episode AS episode ORDER BY episode DESC LIMIT $limit
  RETURN collect(episode) AS episodes
}
RETURN fact, episodes
