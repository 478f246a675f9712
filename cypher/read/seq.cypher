// The number that every write of a namespace raises
// :param namespace => 'acme/users/42'
// Columns: seq
MATCH (n:Namespace {path: $namespace})
RETURN n.seq AS seq
