// The episodes of these ids
// :param namespace => 'acme/users/42'
// :param ids => ['e_0123456789abcdef']
// Columns: episode
UNWIND $ids AS id
MATCH (e:Memory {namespace: $namespace, id: id})
RETURN e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id, .metadata, .identity, .replaced_by,
       .rendered, .redacted, .actor, .mark} AS episode ORDER BY e.id
