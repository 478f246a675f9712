// Every key with the entity that it names and the name as written
// :param namespace => 'acme/users/42'
// Columns: key, entity, text
MATCH (m:Memory {namespace: $namespace})
USING INDEX SEEK m:Memory(namespace, id)
WHERE m.id STARTS WITH 'name '
RETURN m.key AS key, m.entity AS entity, m.text AS text ORDER BY key
