// History of one thing
// What holds now and what is over (ENDED, grey), each fact as one arrow.
// :param namespace => 'acme/team'
// :param name => 'Bob'
// Columns: thing, fact, other
MATCH (:Memory {namespace: $namespace, id: 'name ' + toLower(trim($name))})-[:NAMES]->(named:Entity)
OPTIONAL MATCH (kept:Memory {namespace: $namespace, id: named.merged})
WITH coalesce(kept, named) AS thing
OPTIONAL MATCH (thing)-[fact]-(other:Entity)
RETURN thing, fact, other LIMIT 300
