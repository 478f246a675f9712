// Of each of these episodes the nearest ones before it and after it in its session, few of which are looked at
// :param namespace => 'acme/users/42'
// :param ids => ['e_0123456789abcdef']
// :param reach => 2
// Columns: beside, episodes, ended
CYPHER 25
CALL () {
  UNWIND $ids AS id
  MATCH (e:Memory {namespace: $namespace, id: id})
  RETURN id, CASE WHEN e.session IS NULL THEN COLLECT {
      MATCH (p:Episode {namespace: $namespace})
      WHERE p.session IS NULL AND p.occurred_at <= e.occurred_at AND (p.occurred_at < e.occurred_at OR p.id < e.id)
      WITH p ORDER BY p.occurred_at DESC, p.id DESC LIMIT 16 WHERE p.rendered = 0
      RETURN p LIMIT $reach
    } ELSE COLLECT {
      MATCH (p:Episode {namespace: $namespace, session: e.session})
      WHERE p.occurred_at <= e.occurred_at AND (p.occurred_at < e.occurred_at OR p.id < e.id)
      WITH p ORDER BY p.occurred_at DESC, p.id DESC LIMIT 16 WHERE p.rendered = 0
      RETURN p LIMIT $reach
    } END AS before, CASE WHEN e.session IS NULL THEN COLLECT {
      MATCH (n:Episode {namespace: $namespace})
      WHERE n.session IS NULL AND n.occurred_at >= e.occurred_at AND (n.occurred_at > e.occurred_at OR n.id > e.id)
      WITH n ORDER BY n.occurred_at, n.id LIMIT 16 WHERE n.rendered = 0
      RETURN n LIMIT $reach
    } ELSE COLLECT {
      MATCH (n:Episode {namespace: $namespace, session: e.session})
      WHERE n.occurred_at >= e.occurred_at AND (n.occurred_at > e.occurred_at OR n.id > e.id)
      WITH n ORDER BY n.occurred_at, n.id LIMIT 16 WHERE n.rendered = 0
      RETURN n LIMIT $reach
    } END AS after
}
WITH collect([id, [one IN before | one.id], [one IN after | one.id]]) AS beside, collect(before + after) AS near
CALL (near) {
  UNWIND near AS some
  UNWIND some AS e
  WITH DISTINCT e
  WHERE NOT e.id IN $ids
  RETURN collect(e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id,
    .metadata, .identity, .replaced_by, .rendered, .redacted, .actor, .mark}) AS episodes
}
CALL (episodes) {
  WITH size(episodes) AS read
  MATCH (m:Namespace {path: $namespace})
  WHERE read >= 0
  RETURN m.seq AS ended
}
RETURN beside, episodes, ended
