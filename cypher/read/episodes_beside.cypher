// Of each of these episodes the nearest ones before it and after it in its session, few of which are looked at
// :param namespace => 'acme/users/42'
// :param ids => ['e_0123456789abcdef']
// :param reach => 2
// Columns: beside, episodes, ended
CYPHER 25
CALL () {
  UNWIND $ids AS id
  MATCH (e:Memory {namespace: $namespace, id: id})
  USING INDEX SEEK e:Memory(namespace, id)
  WITH e.session AS session, e.occurred_at AS moment, collect(id) AS asked
  WITH asked, CASE WHEN session IS NULL THEN COLLECT {
      MATCH (p:Episode {namespace: $namespace})
      USING INDEX SEEK p:Episode(namespace, occurred_at)
      WHERE p.session IS NULL AND p.occurred_at < moment
      RETURN p ORDER BY p.occurred_at DESC, p.id DESC LIMIT 16
    } ELSE COLLECT {
      MATCH (p:Episode {namespace: $namespace, session: session})
      USING INDEX SEEK p:Episode(namespace, session, occurred_at)
      WHERE p.occurred_at < moment
      RETURN p ORDER BY p.occurred_at DESC, p.id DESC LIMIT 16
    } END AS earlier, CASE WHEN session IS NULL THEN COLLECT {
      MATCH (p:Episode {namespace: $namespace, occurred_at: moment})
      USING INDEX SEEK p:Episode(namespace, occurred_at)
      WHERE p.session IS NULL
      RETURN p ORDER BY p.id
    } ELSE COLLECT {
      MATCH (p:Episode {namespace: $namespace, session: session, occurred_at: moment})
      USING INDEX SEEK p:Episode(namespace, session, occurred_at)
      RETURN p ORDER BY p.id
    } END AS then, CASE WHEN session IS NULL THEN COLLECT {
      MATCH (p:Episode {namespace: $namespace})
      USING INDEX SEEK p:Episode(namespace, occurred_at)
      WHERE p.session IS NULL AND p.occurred_at > moment
      RETURN p ORDER BY p.occurred_at, p.id LIMIT 16
    } ELSE COLLECT {
      MATCH (p:Episode {namespace: $namespace, session: session})
      USING INDEX SEEK p:Episode(namespace, session, occurred_at)
      WHERE p.occurred_at > moment
      RETURN p ORDER BY p.occurred_at, p.id LIMIT 16
    } END AS later
  WITH asked, reverse(earlier) + then + later AS line
  UNWIND range(0, size(line) - 1) AS place
  WITH asked, line, place, line[place].id AS id
  WHERE id IN asked
  RETURN id,
    [p IN reverse(line[CASE WHEN place > 16 THEN place - 16 ELSE 0 END..place]) WHERE p.rendered = 0][..$reach] AS before,
    [p IN line[place + 1..place + 17] WHERE p.rendered = 0][..$reach] AS after
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
