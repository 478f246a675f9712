// How are two things connected
// The shortest ways from one to the other over what holds now, at most six steps.
// :param namespace => 'acme/team'
// :param one => 'Bob'
// :param other => 'Oslo'
// Columns: way
MATCH (:Memory {namespace: $namespace, id: 'name ' + toLower(trim($one))})-[:NAMES]->(a:Entity)
MATCH (:Memory {namespace: $namespace, id: 'name ' + toLower(trim($other))})-[:NAMES]->(b:Entity)
MATCH way = ALL SHORTEST (a)((:Entity)-[r WHERE type(r) <> 'ENDED']-(:Entity)){1,6}(b)
RETURN way LIMIT 25
