// The episodes of these ids, and after which write of the namespace they were read
// :param namespace => 'acme/users/42'
// :param ids => ['e_0123456789abcdef']
// Columns: episode, ended
UNWIND $ids AS id
MATCH (e:Memory {namespace: $namespace, id: id})
USING INDEX SEEK e:Memory(namespace, id)
WITH e ORDER BY e.id
WITH collect(e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id, .metadata,
  .identity, .replaced_by, .rendered, .redacted, .actor, .mark}) AS found
CALL (found) {
  WITH size(found) AS read
  MATCH (n:Namespace {path: $namespace})
  WHERE read >= 0
  RETURN n.seq AS ended
}
UNWIND found AS episode
RETURN episode, ended
