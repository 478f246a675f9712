// Close a namespace to everybody but the holder of a token, who has its write lock
// :param namespace => 'acme/users/42'
// :param marker => {closed_by: '00', closed_for: 'an import', closed_phase: 'preparing'}
// :param lease => 30000
// Columns: none
MATCH (n:Namespace {path: $namespace})
SET n += $marker, n.closed_since = timestamp(), n.closed_until = timestamp() + $lease
FINISH
