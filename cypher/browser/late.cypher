// What we learned late
// Facts that had been true for longer than so many days when we came to believe them.
// :param namespace => 'acme/team'
// :param days => 7
// Columns: fact, true_from, learned, days_late, id
MATCH (f:Memory {namespace: $namespace})
USING INDEX SEEK f:Memory(namespace, id)
WHERE f.id STARTS WITH 'f_'
MATCH (f)-[h:HELD]->()
WITH f, h ORDER BY h.system_from
WITH f, head(collect(h)) AS first
WITH f, first, (first.system_from - first.valid_from) / 86400000000 AS days_late
WHERE days_late >= $days
RETURN f.text AS fact, datetime({epochMillis: first.valid_from / 1000}) AS true_from,
  datetime({epochMillis: first.system_from / 1000}) AS learned, days_late, f.id AS id
ORDER BY days_late DESC, fact
