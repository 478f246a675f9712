// Who has closed a namespace, why, since when, and how many milliseconds are left of the lease
// :param namespace => 'acme/users/42'
// Columns: token, what, phase, since, left
MATCH (n:Namespace {path: $namespace})
WHERE n.closed_by IS NOT NULL
RETURN n.closed_by AS token, n.closed_for AS what, n.closed_phase AS phase, n.closed_since AS since,
  n.closed_until - timestamp() AS left
