// Episodes that occurred within a stretch of time, but those rendered from triplets
// :param namespace => 'acme/users/42'
// :param start => 0
// :param end => 0
// :param limit => 2000
// Columns: id
MATCH (e:Episode {namespace: $namespace})
USING INDEX SEEK e:Episode(namespace, occurred_at)
WHERE e.occurred_at >= $start AND e.occurred_at < $end AND e.rendered = 0
RETURN e.id AS id ORDER BY e.occurred_at, e.id LIMIT $limit
