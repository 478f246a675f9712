// Take a namespace away again that was made to be closed, and that nothing was written to
// :param namespace => 'acme/users/42'
// Columns: none
MATCH (n:Namespace {path: $namespace})
WHERE n.recorded_at = 0
DETACH DELETE n
FINISH
