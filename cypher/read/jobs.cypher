// Every job
// :param namespace => 'acme/users/42'
// Columns: job
MATCH (j:Memory {namespace: $namespace})
USING INDEX SEEK j:Memory(namespace, id)
WHERE j.id STARTS WITH 'j_'
RETURN properties(j) AS job ORDER BY j.episode
