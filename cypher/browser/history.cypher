// History of one thing
// What holds now and what is over (ENDED, grey), each fact as one arrow.
// :param namespace => 'acme/team'
// :param name => 'Bob'
// Columns: thing, fact, other
CALL () {
  WITH replace(toLower(trim(normalize($name, NFKC))), 'ß', 'ss') AS key
  MATCH (said:Memory {namespace: $namespace, id: 'name ' + key})-[:NAMES]->(named:Entity)
  USING INDEX SEEK said:Memory(namespace, id)
  RETURN named
  UNION
  MATCH (named:Entity {namespace: $namespace, name: trim($name)})
  USING INDEX SEEK named:Entity(namespace, name)
  RETURN named
}
OPTIONAL MATCH (kept:Memory {namespace: $namespace, id: named.merged})
USING INDEX SEEK kept:Memory(namespace, id)
WITH DISTINCT coalesce(kept, named) AS thing
OPTIONAL MATCH (thing)-[fact]-(other:Entity)
RETURN thing, fact, other LIMIT 300
