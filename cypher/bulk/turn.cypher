// Go over to another phase: once it is not 'preparing', nobody reads either
// :param namespace => 'acme/users/42'
// :param phase => 'applying'
// Columns: none
MATCH (n:Namespace {path: $namespace})
SET n.closed_phase = $phase, n.seq = n.seq + 1
FINISH
