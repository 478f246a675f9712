// A namespace as a reader finds it, with what the caller is about to ask for, and the facts of whom the names name
// :param namespace => 'acme/users/42'
// :param names => ['ann']
// :param identities => []
// :param episodes => []
// :param facts => []
// :param holding => 0
// :param limit => 400
// Columns: space, definitions, named, same, episodes, facts, about
MATCH (n:Namespace {path: $namespace})
WITH n, n.seq AS began
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
CALL (n, named) {
  UNWIND named AS one
  WITH DISTINCT n, one[1].id AS entity
  CALL (n, entity) {
    MATCH (f:Fact {namespace: n.path, subject: entity})
    USING INDEX SEEK f:Fact(namespace, subject, predicate, holds_to)
    WHERE f.predicate IS NOT NULL AND f.holds_to > $holding
    RETURN 'subject' AS end, f LIMIT $limit
    UNION ALL
    MATCH (f:Fact {namespace: n.path, object: entity})
    USING INDEX SEEK f:Fact(namespace, object, predicate, holds_to)
    WHERE f.predicate IS NOT NULL AND f.holds_to > $holding
    RETURN 'object' AS end, f LIMIT $limit
  }
  MATCH (s)<-[:SUBJECT]-(f)-[:OBJECT]->(o)
  RETURN collect([end, entity, f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to,
    .rejected, .recorded_at, periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }},
    properties(s), properties(o)]) AS about
}
CALL (about) {
  WITH size(about) AS read
  MATCH (m:Namespace {path: $namespace})
  WHERE read >= 0
  RETURN m.seq AS ended, timestamp() - coalesce(m.touched, 0) AS age
}
RETURN n {.*, began: began, ended: ended, age: age} AS space, definitions, named, same, episodes, facts, about
