// No tombstone names this fact any longer
// :param namespace => 'acme/users/42'
// :param fact => 'f_0123456789abcdef'
// Columns: none
MATCH (t:Memory {namespace: $namespace})
USING INDEX SEEK t:Memory(namespace, id)
WHERE t.id STARTS WITH 't_' AND t.fact = $fact
REMOVE t.fact, t.reason
