// What names another node by its id and has no relationship to it
// :param namespace => 'acme/users/42'
// Columns: id, type, to
MATCH (x:Memory {namespace: $namespace})
USING INDEX SEEK x:Memory(namespace, id)
WHERE x.id IS NOT NULL
CALL (x) {
  WITH x WHERE x:Fact
  UNWIND [['SUBJECT', x.subject], ['OBJECT', x.object]] AS join
  RETURN join
  UNION ALL
  WITH x WHERE x:Claim
  UNWIND [['ASSERTS', x.fact], ['FROM', x.episode]] AS join
  RETURN join
  UNION ALL
  WITH x WHERE x:Verdict
  UNWIND [['CONCERNS', x.fact], ['FROM', x.episode]] AS join
  RETURN join
  UNION ALL
  WITH x WHERE x:Name
  RETURN ['NAMES', x.entity] AS join
}
WITH x, join[0] AS type, join[1] AS to
WHERE to IS NOT NULL AND NOT EXISTS { MATCH (x)-[r]->(y) WHERE type(r) = type AND y.id = to }
RETURN x.id AS id, type, to ORDER BY id, type
