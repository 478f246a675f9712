// Every fact with what is derived of it for those who look at the graph, and what is believed of it now
// :param namespace => 'acme/users/42'
// Columns: fact, labels, text, due, drawn, subject, object, periods
MATCH (f:Memory {namespace: $namespace})
USING INDEX SEEK f:Memory(namespace, id)
WHERE f.id STARTS WITH 'f_'
OPTIONAL MATCH (s:Memory {namespace: $namespace, id: f.subject})
USING INDEX SEEK s:Memory(namespace, id)
OPTIONAL MATCH (o:Memory {namespace: $namespace, id: f.object})
USING INDEX SEEK o:Memory(namespace, id)
RETURN f {.id, .subject, .predicate, .object, .holds_to, .support, .indexed, .moved_to, .rejected, .recorded_at} AS fact,
  labels(f) AS labels, f.text AS text, f.due AS due, f.drawn AS drawn, s.name AS subject, o.name AS object,
  COLLECT { MATCH (f)-[h:HELD]->() WHERE h.system_to IS NULL RETURN properties(h) } AS periods
