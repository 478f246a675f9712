// Take the next batch out of the journal, of those before a place
// :param namespace => 'acme/users/42'
// :param before => 'journal 9'
// Columns: body
MATCH (j:Memory {namespace: $namespace})
USING INDEX SEEK j:Memory(namespace, id)
WHERE j.id STARTS WITH 'journal ' AND j.id < $before
WITH j ORDER BY j.id LIMIT 1
WITH j, j.body AS body
DETACH DELETE j
RETURN body
