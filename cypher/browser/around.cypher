// What holds now around one thing
// Two steps from a person or a thing, by any of its names; double-click a node to see what is over, too.
// :param namespace => 'acme/team'
// :param name => 'Bob'
// Columns: thing, steps
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
OPTIONAL MATCH steps = (thing)-[r WHERE type(r) <> 'ENDED']-{1,2}(:Entity)
WHERE all(node IN nodes(steps) WHERE node:Entity)
RETURN thing, steps LIMIT 300
