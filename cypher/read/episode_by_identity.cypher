// The episode that counts as the same, the newest revision of a source
// :param namespace => 'acme/users/42'
// :param identity => '00'
// Columns: episode
MATCH (e:Episode {namespace: $namespace, identity: $identity})
USING INDEX SEEK e:Episode(namespace, identity)
WHERE e.replaced_by IS NULL
RETURN e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id, .metadata, .identity, .replaced_by,
       .rendered, .redacted, .actor, .mark} AS episode ORDER BY e.id DESC LIMIT 1
