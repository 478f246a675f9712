// Take the namespace itself away, once nothing is left in it
// :param namespace => 'acme/users/42'
// Columns: none
MATCH (n:Namespace {path: $namespace})
DETACH DELETE n
