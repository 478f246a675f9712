// Every revision of a source, in every session
// :param namespace => 'acme/users/42'
// :param source_id => 'notes.md'
// Columns: episode
MATCH (e:Episode {namespace: $namespace, source_id: $source_id})
RETURN e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id, .metadata, .identity, .replaced_by,
       .rendered, .redacted, .actor, .mark} AS episode ORDER BY e.id
