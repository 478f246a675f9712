// The entity that each key names; merges are not followed
// :param namespace => 'acme/users/42'
// :param keys => ['ann', 'bob']
// Columns: key, entity
UNWIND $keys AS key
MATCH (it:Memory {namespace: $namespace, id: 'name ' + key})-[:NAMES]->(e:Entity)
USING INDEX SEEK it:Memory(namespace, id)
RETURN key, properties(e) AS entity
