// Episodes by when they occurred, in microseconds since 1970
// :param namespace => 'acme/users/42'
// :param since => 0
// :param until => 9223372036854775807
// :param after_at => 0
// :param after_id => ''
// :param limit => 100
// Columns: episode
MATCH (e:Episode {namespace: $namespace})
USING INDEX SEEK e:Episode(namespace, occurred_at)
WHERE e.occurred_at >= $since AND e.occurred_at < $until AND e.occurred_at >= $after_at
  AND (e.occurred_at > $after_at OR (e.occurred_at = $after_at AND e.id > $after_id))
RETURN e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id, .metadata, .identity, .replaced_by,
       .rendered, .redacted, .actor, .mark} AS episode ORDER BY e.occurred_at, e.id LIMIT $limit
