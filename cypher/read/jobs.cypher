// Every job
// :param namespace => 'acme/users/42'
// Columns: job
MATCH (j:Memory {namespace: $namespace})
WHERE j.id STARTS WITH 'j_'
RETURN properties(j) AS job ORDER BY j.episode
