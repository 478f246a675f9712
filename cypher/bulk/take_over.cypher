// Take over what a crash left: the lock, then the marker if its lease has run out; no row: it has not, or is gone
// :param namespace => 'acme/users/42'
// :param token => '00'
// :param lease => 30000
// Columns: phase
MATCH (n:Namespace {path: $namespace})
SET n.seq = n.seq + 1
WITH n
WHERE n.closed_until < timestamp()
SET n.closed_by = $token, n.closed_until = timestamp() + $lease
RETURN n.closed_phase AS phase
