// Throw a journal away that was never complete, at most so many batches
// :param namespace => 'acme/users/42'
// :param limit => 10
// Columns: gone
MATCH (j:Memory {namespace: $namespace})
USING INDEX SEEK j:Memory(namespace, id)
WHERE j.id STARTS WITH 'journal '
WITH j LIMIT $limit
DETACH DELETE j
RETURN count(*) AS gone
