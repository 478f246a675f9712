// The last episodes of a session before a place, newest first
// :param namespace => 'acme/users/42'
// :param session => 'monday'
// :param at => 0
// :param id => ''
// :param limit => 6
// Columns: episode
MATCH (e:Episode {namespace: $namespace, session: $session})
USING INDEX SEEK e:Episode(namespace, session, occurred_at)
WHERE e.occurred_at <= $at AND (e.occurred_at < $at OR e.id < $id)
RETURN e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id, .metadata, .identity, .replaced_by,
       .rendered, .redacted, .actor, .mark} AS episode ORDER BY e.occurred_at DESC, e.id DESC LIMIT $limit
