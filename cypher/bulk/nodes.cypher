// The nodes of one kind with what leaves them, in the order of their ids; an embedding only as a mark that there is one
// :param namespace => 'acme/users/42'
// :param kind => 'f_'
// :param after => ''
// :param limit => 5000
// Columns: id, labels, props, out
MATCH (x:Memory {namespace: $namespace})
USING INDEX SEEK x:Memory(namespace, id)
WHERE x.id STARTS WITH $kind AND x.id > $after
WITH x ORDER BY x.id LIMIT $limit
RETURN x.id AS id, labels(x) AS labels,
  x {.*, embedding: CASE WHEN x.embedding IS NULL THEN null ELSE true END} AS props,
  COLLECT { MATCH (x)-[r]->(o) RETURN [type(r), o.id, properties(r)] } AS out
