// Take rows of a namespace away, at most so many; how many of each kind they were
// :param namespace => 'acme/users/42'
// :param limit => 1000
// Columns: kind, removed, periods, links, vectors
MATCH (x:Memory {namespace: $namespace})
USING INDEX SEEK x:Memory(namespace, id)
WHERE x.id IS NOT NULL
WITH x LIMIT $limit
WITH x, split(replace(x.id, ' ', '_'), '_')[0] AS kind, COUNT { (x)-[:HELD]->() } AS periods,
  COUNT { (x)-[:ENDS|CORRECTS]->() } AS links, toInteger(x.embedding IS NOT NULL) AS vectors
DETACH DELETE x
RETURN kind, count(*) AS removed, sum(periods) AS periods, sum(links) AS links, sum(vectors) AS vectors
