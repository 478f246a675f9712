// Of these episodes, those that a search lets through
// :param namespace => 'acme/users/42'
// :param ids => ['e_0123456789abcdef']
// :param known => 9223372036854775806
// :param since => -9223372036854775808
// :param until => 9223372036854775807
// :param predicate => null
// :param entity_kind => null
// :param session => null
// :param speaker => null
// :param occurred => 9223372036854775807
// Columns: episode
UNWIND $ids AS id
MATCH (e:Memory {namespace: $namespace, id: id})
USING INDEX SEEK e:Memory(namespace, id)
WHERE e.rendered = 0 AND e.recorded_at <= $known
  AND e.occurred_at <= $occurred AND e.occurred_at >= $since AND e.occurred_at < $until
  AND ($session IS NULL OR e.session = $session) AND ($speaker IS NULL OR e.speaker = $speaker)
  AND (e.replaced_by IS NULL OR EXISTS {
    MATCH (n:Memory {namespace: $namespace, id: e.replaced_by})
    USING INDEX SEEK n:Memory(namespace, id)
    WHERE n.recorded_at > $known
  })
  AND (($predicate IS NULL AND $entity_kind IS NULL) OR EXISTS {
    MATCH (e)<-[:FROM]-(c:Claim)-[:ASSERTS]->(f:Fact)
    WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
      AND ($predicate IS NULL OR f.predicate = $predicate)
      AND ($entity_kind IS NULL OR EXISTS { MATCH (f)-[:SUBJECT|OBJECT]->(n:Entity) WHERE n.kind = $entity_kind })
  })
RETURN e {.id, .text, .speaker, .role, .session, .occurred_at, .utc_offset, .recorded_at, .source_id, .metadata, .identity, .replaced_by,
       .rendered, .redacted, .actor, .mark} AS episode
