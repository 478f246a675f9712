// A page of the facts of which anything was believed at a time, by first start
// :param namespace => 'acme/users/42'
// :param known => 9223372036854775806
// :param at => null
// :param holding => -9223372036854775808
// :param moved => false
// :param first => null
// :param recorded_at => 0
// :param id => ''
// :param limit => 100
// Columns: fact
MATCH (f:Fact {namespace: $namespace})
USING INDEX SEEK f:Fact(namespace, predicate, holds_to)
WHERE f.predicate IS NOT NULL AND f.holds_to > $holding AND f.recorded_at <= $known
  AND ($moved OR f.moved_to IS NULL)
CALL (f) {
  MATCH (f)-[h:HELD]->()
  WHERE h.system_from <= $known AND (h.system_to IS NULL OR h.system_to > $known)
  RETURN min(coalesce(h.valid_from, -9223372036854775808)) AS start,
    sum(toInteger($at IS NOT NULL AND h.valid_from <= $at AND (h.valid_to IS NULL OR h.valid_to > $at))) AS covering
}
WITH f, start, covering
WHERE start IS NOT NULL AND ($at IS NULL OR covering > 0)
  AND (start > $first OR (start = $first AND (f.recorded_at > $recorded_at
    OR (f.recorded_at = $recorded_at AND f.id > $id))))
WITH f ORDER BY start, f.recorded_at, f.id LIMIT $limit
RETURN f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at,
  periods: COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) }} AS fact
