// Close a namespace to everybody but the holder of this token, or open it again (null)
// :param namespace => 'acme/users/42'
// :param token => null
// :param reason => null
// :param until => null
// Columns: none
MATCH (n:Namespace {path: $namespace})
SET n.closed_by = $token, n.closed_for = $reason, n.closed_until = $until
