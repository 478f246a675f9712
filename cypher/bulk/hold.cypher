// Take the lock of a namespace that one has closed, and renew the lease; no row: somebody else has taken over
// :param namespace => 'acme/users/42'
// :param token => '00'
// :param lease => 30000
// Columns: phase
MATCH (n:Namespace {path: $namespace})
SET n.closed_until = timestamp() + $lease
WITH n
WHERE n.closed_by = $token
RETURN n.closed_phase AS phase
