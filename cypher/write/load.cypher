// All that a write needs of facts, of those they may conflict with, and of what was said of them
// :param namespace => 'acme/users/42'
// :param facts => ['f_0123456789abcdef']
// :param subjects => [{predicate: 'leads', end: 'n_0123456789abcdef'}]
// :param objects => [{predicate: 'leads', end: 'n_0123456789abcdef'}]
// Columns: fact, subject, object, claims, verdicts, linking, moved
CALL () {
  UNWIND $facts AS id
  MATCH (f:Memory {namespace: $namespace, id: id})
  USING INDEX SEEK f:Memory(namespace, id)
  RETURN f
  UNION
  UNWIND $subjects AS slot
  MATCH (f:Fact {namespace: $namespace, subject: slot.end, predicate: slot.predicate})
  USING INDEX SEEK f:Fact(namespace, subject, predicate, holds_to)
  WHERE f.holds_to >= -9223372036854775808
  RETURN f
  UNION
  UNWIND $objects AS slot
  MATCH (f:Fact {namespace: $namespace, object: slot.end, predicate: slot.predicate})
  USING INDEX SEEK f:Fact(namespace, object, predicate, holds_to)
  WHERE f.holds_to >= -9223372036854775808
  RETURN f
}
MATCH (s)<-[:SUBJECT]-(f)-[:OBJECT]->(o)
RETURN f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at,
    periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }} AS fact,
  properties(s) AS subject, properties(o) AS object,
  COLLECT { MATCH (f)<-[:ASSERTS]-(c:Claim) RETURN properties(c) } AS claims,
  COLLECT { MATCH (f)<-[:CONCERNS]-(v:Verdict) RETURN properties(v) ORDER BY v.id } AS verdicts,
  COLLECT { MATCH (f)<-[:ENDS|CORRECTS]-(c:Claim) RETURN DISTINCT properties(c) } AS linking,
  COLLECT {
    MATCH (m:Fact {namespace: $namespace, moved_to: f.id})
    USING INDEX SEEK m:Fact(namespace, moved_to)
    RETURN m {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at}
  } AS moved
