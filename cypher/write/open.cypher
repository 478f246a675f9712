// The write lock of a namespace, taken before anything is read, and what the caller is about to ask for
// :param namespace => 'acme/users/42'
// :param fresh => {secret: '00', n: 1}
// :param now => 0
// :param names => ['ann']
// :param identities => []
// :param episodes => []
// :param facts => []
// Columns: space, definitions, named, same, episodes, facts, bars, due
MERGE (n:Namespace {path: $namespace})
  ON CREATE SET n += $fresh, n.recorded_at = 0, n.number = 0, n.seq = 0, n.tombstones = 0, n.definitions = 0,
    n.links = 0, n.merges = 0, n.verdicts = 0
SET n.seq = n.seq + 1
WITH n
CALL (n) {
  MATCH (p:Memory {namespace: n.path})
  USING INDEX SEEK p:Memory(namespace, id)
  WHERE p.id STARTS WITH 'd_' AND n.definitions > 0
  WITH p ORDER BY p.id
  RETURN collect(properties(p)) AS definitions
}
CALL (n) {
  UNWIND $names AS key
  MATCH (it:Memory {namespace: n.path, id: 'name ' + key})-[:NAMES]->(e:Entity)
  USING INDEX SEEK it:Memory(namespace, id)
  RETURN collect([key, properties(e)]) AS named
}
CALL (n) {
  UNWIND $identities AS identity
  MATCH (e:Episode {namespace: n.path, identity: identity})
  USING INDEX SEEK e:Episode(namespace, identity)
  WHERE e.replaced_by IS NULL
  WITH e ORDER BY e.id
  RETURN collect(e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id,
    .metadata, .identity, .replaced_by, .rendered, .redacted, .actor, .mark}) AS same
}
CALL (n) {
  UNWIND $episodes AS id
  MATCH (e:Memory {namespace: n.path, id: id})
  USING INDEX SEEK e:Memory(namespace, id)
  OPTIONAL MATCH (j:Memory {namespace: n.path, id: 'j_' + substring(id, 2)})
  USING INDEX SEEK j:Memory(namespace, id)
  RETURN collect([e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id,
    .metadata, .identity, .replaced_by, .rendered, .redacted, .actor, .mark}, properties(j),
    COLLECT { MATCH (e)<-[:FROM]-(c:Claim) RETURN properties(c) }]) AS episodes
}
CALL (n) {
  UNWIND $facts AS id
  MATCH (f:Memory {namespace: n.path, id: id})
  USING INDEX SEEK f:Memory(namespace, id)
  WITH f  // found by its id before anything is joined: planned as one, a young index may be read whole
  MATCH (s)<-[:SUBJECT]-(f)-[:OBJECT]->(o)
  RETURN collect([f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected,
    .recorded_at, periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }},
    properties(s), properties(o)]) AS facts
}
CALL (n) {
  MATCH (b:Memory {namespace: n.path})
  USING INDEX SEEK b:Memory(namespace, id)
  WHERE b.id STARTS WITH 'bar ' AND n.tombstones > 0
  WITH b LIMIT 1001
  MATCH (t:Memory {namespace: n.path, id: b.tombstone})
  USING INDEX SEEK t:Memory(namespace, id)
  RETURN collect([b.digest, t.id, b.scope, t.verb, t.bars, t.lifted_at]) AS bars
}
CALL (n) {
  MATCH (f:Fact {namespace: n.path})
  USING INDEX SEEK f:Fact(namespace, due)
  WHERE f.due <= $now
  WITH f LIMIT 1000
  RETURN collect(f.id) AS due
}
RETURN properties(n) AS space, definitions, named, same, episodes, facts, bars, due
