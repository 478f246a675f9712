// Wait for whoever writes to a namespace: the lock is had once their commit can be seen whole
// :param namespace => 'acme/users/42'
// Columns: n, seq
MATCH (n:Namespace {path: $namespace})
SET n.seq = n.seq
RETURN n.n AS n, n.seq AS seq
