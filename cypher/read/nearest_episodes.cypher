// The episodes whose embedding is nearest, filtered inside the index; score: (1 + cosine) / 2
// :param namespace => 'acme/users/42'
// :param vector => [0.1, 0.2]
// :param limit => 100
// Columns: id, score
CYPHER 25
MATCH (x:Episode)
  SEARCH x IN (VECTOR INDEX triplemem_episodes FOR $vector WHERE x.namespace = $namespace LIMIT $limit) SCORE AS score
RETURN x.id AS id, score
