// Open a namespace again, with its own row as it now is
// :param namespace => 'acme/users/42'
// :param space => {recorded_at: 0}
// Columns: none
MATCH (n:Namespace {path: $namespace})
SET n += $space, n.seq = n.seq + 1, n.touched = timestamp()
REMOVE n.closed_by, n.closed_for, n.closed_phase, n.closed_since, n.closed_until
FINISH
