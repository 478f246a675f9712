// What did we believe in March
// What was true at one time as we believed it at another, and whether we still say so today.
// :param namespace => 'acme/team'
// :param as_of => '2026-03-15'
// :param known_at => '2026-03-15'
// Columns: subject, predicate, object, since, until, still_believed, id
WITH datetime($as_of).epochMillis * 1000 AS at, datetime($known_at).epochMillis * 1000 AS known
MATCH (f:Memory {namespace: $namespace})
USING INDEX SEEK f:Memory(namespace, id)
WHERE f.id STARTS WITH 'f_'
MATCH (f)-[h:HELD]->(o:Entity)
WHERE h.system_from <= known AND (h.system_to IS NULL OR h.system_to > known)
  AND h.valid_from <= at AND (h.valid_to IS NULL OR h.valid_to > at)
MATCH (f)-[:SUBJECT]->(s:Entity)
RETURN s.name AS subject, f.predicate AS predicate, o.name AS object, datetime({epochMillis: h.valid_from / 1000}) AS since,
  CASE WHEN h.valid_to IS NULL THEN null ELSE datetime({epochMillis: h.valid_to / 1000}) END AS until,
  EXISTS {
    (f)-[n:HELD]->() WHERE n.system_to IS NULL AND n.valid_from <= at AND (n.valid_to IS NULL OR n.valid_to > at)
  } AS still_believed, f.id AS id
ORDER BY predicate, subject, object
