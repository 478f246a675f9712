// History of one thing
// What holds now and what is over (ENDED, grey), each fact as one arrow.
// :param namespace => 'acme/team'
// :param name => 'Bob'
// Columns: thing, fact, other
CALL () {
  WITH replace(toLower(trim(normalize($name, NFKC))), 'ß', 'ss') AS key
  MATCH (:Memory {namespace: $namespace, id: 'name ' + key})-[:NAMES]->(named:Entity)
  RETURN named
  UNION
  MATCH (named:Entity {namespace: $namespace, name: trim($name)})
  RETURN named
}
OPTIONAL MATCH (kept:Memory {namespace: $namespace, id: named.merged})
WITH DISTINCT coalesce(kept, named) AS thing
OPTIONAL MATCH (thing)-[fact]-(other:Entity)
RETURN thing, fact, other LIMIT 300
