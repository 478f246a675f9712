// Which write was the last of a namespace
// :param namespace => 'acme/users/42'
// Columns: token
MATCH (n:Namespace {path: $namespace})
RETURN n.token AS token
