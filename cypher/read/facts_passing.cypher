// Of these facts, those that a search lets through
// :param namespace => 'acme/users/42'
// :param ids => ['f_0123456789abcdef']
// :param known => 9223372036854775806
// :param at => 0
// :param to => 0
// :param since => -9223372036854775808
// :param until => 9223372036854775807
// :param predicate => null
// :param entity_kind => null
// :param session => null
// :param speaker => null
// Columns: fact
UNWIND $ids AS id
MATCH (f:Memory {namespace: $namespace, id: id})
USING INDEX SEEK f:Memory(namespace, id)
WHERE ($predicate IS NULL OR f.predicate = $predicate)
  AND EXISTS {
    MATCH (f)-[h:HELD]->()
    WHERE h.system_from <= $known AND (h.system_to IS NULL OR h.system_to > $known)
      AND (h.valid_from <= $at OR h.valid_from <= $to) AND (h.valid_to IS NULL OR h.valid_to > $at)
      AND h.valid_from < $until AND (h.valid_to IS NULL OR h.valid_to > $since)
  }
  AND ($entity_kind IS NULL OR EXISTS {
    MATCH (f)-[:SUBJECT|OBJECT]->(n:Entity) WHERE n.kind = $entity_kind
  })
  AND (($session IS NULL AND $speaker IS NULL) OR EXISTS {
    MATCH (f)<-[:ASSERTS]-(c:Claim)-[:FROM]->(e:Episode)
    WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
      AND ($session IS NULL OR e.session = $session) AND ($speaker IS NULL OR e.speaker = $speaker)
  })
RETURN f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at,
  periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }} AS fact
