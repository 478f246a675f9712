// Take every relationship that a fact is drawn as away, to draw all of them anew
// :param namespace => 'acme/users/42'
// Columns: none
MATCH (s:Memory {namespace: $namespace})
USING INDEX SEEK s:Memory(namespace, id)
WHERE s.id STARTS WITH 'n_'
MATCH (s)-[r]->()
WHERE r.fact_id IS NOT NULL
DELETE r
