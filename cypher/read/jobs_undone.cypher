// Jobs that are pending or failed
// :param namespace => 'acme/users/42'
// Columns: job
MATCH (j:Undone {namespace: $namespace})
USING INDEX SEEK j:Undone(namespace)
RETURN properties(j) AS job ORDER BY j.episode
