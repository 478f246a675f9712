// How are two things connected
// The shortest ways from one to the other over what holds now, at most six steps.
// :param namespace => 'acme/team'
// :param one => 'Bob'
// :param other => 'Oslo'
// Columns: way
CALL () {
  WITH replace(toLower(trim(normalize($one, NFKC))), 'ß', 'ss') AS key
  MATCH (said:Memory {namespace: $namespace, id: 'name ' + key})-[:NAMES]->(named:Entity)
  USING INDEX SEEK said:Memory(namespace, id)
  RETURN named
  UNION
  MATCH (named:Entity {namespace: $namespace, name: trim($one)})
  USING INDEX SEEK named:Entity(namespace, name)
  RETURN named
}
OPTIONAL MATCH (kept:Memory {namespace: $namespace, id: named.merged})
USING INDEX SEEK kept:Memory(namespace, id)
WITH DISTINCT coalesce(kept, named) AS a
CALL () {
  WITH replace(toLower(trim(normalize($other, NFKC))), 'ß', 'ss') AS key
  MATCH (said:Memory {namespace: $namespace, id: 'name ' + key})-[:NAMES]->(named:Entity)
  USING INDEX SEEK said:Memory(namespace, id)
  RETURN named
  UNION
  MATCH (named:Entity {namespace: $namespace, name: trim($other)})
  USING INDEX SEEK named:Entity(namespace, name)
  RETURN named
}
OPTIONAL MATCH (kept:Memory {namespace: $namespace, id: named.merged})
USING INDEX SEEK kept:Memory(namespace, id)
WITH DISTINCT a, coalesce(kept, named) AS b
MATCH way = ALL SHORTEST (a)((:Entity)-[r WHERE type(r) <> 'ENDED']-(:Entity)){1,6}(b)
RETURN way LIMIT 25
