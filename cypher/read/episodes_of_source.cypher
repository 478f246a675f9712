// Every revision of a source, in every session, and of every source that is called like a part of it
// :param namespace => 'acme/users/42'
// :param source_id => 'notes.md'
// Columns: episode
MATCH (e:Episode {namespace: $namespace})
USING INDEX SEEK e:Episode(namespace, source_id)
WHERE e.source_id STARTS WITH $source_id
  AND (e.source_id = $source_id OR substring(e.source_id, size($source_id), 1) = '#')
RETURN e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id, .metadata, .identity, .replaced_by,
       .rendered, .redacted, .actor, .mark} AS episode ORDER BY e.id
