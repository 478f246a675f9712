// Contradictions resolved
// What ended because something else took its place: until when it held, what followed, and when we came to think so.
// :param namespace => 'acme/team'
// Columns: was, until, then, decided, was_id, then_id
MATCH (old:Memory {namespace: $namespace})
USING INDEX SEEK old:Memory(namespace, id)
WHERE old.id STARTS WITH 'f_'
MATCH (old)-[h:HELD]->()
WHERE h.successor IS NOT NULL AND h.system_to IS NULL
MATCH (new:Memory {namespace: $namespace, id: h.successor})
USING INDEX SEEK new:Memory(namespace, id)
RETURN old.text AS was, CASE WHEN h.valid_to IS NULL THEN null ELSE datetime({epochMillis: h.valid_to / 1000}) END AS until,
  new.text AS then, datetime({epochMillis: h.system_from / 1000}) AS decided, old.id AS was_id, new.id AS then_id
ORDER BY until DESC
