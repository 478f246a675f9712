// The jobs of these episodes
// :param namespace => 'acme/users/42'
// :param ids => ['e_0123456789abcdef']
// Columns: job
UNWIND $ids AS id
MATCH (j:Memory {namespace: $namespace, id: 'j_' + substring(id, 2)})
USING INDEX SEEK j:Memory(namespace, id)
RETURN properties(j) AS job ORDER BY j.episode
