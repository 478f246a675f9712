// Every relationship that a fact is drawn as
// :param namespace => 'acme/users/42'
// Columns: fact, subject, type, props, object
MATCH (s:Memory {namespace: $namespace})
USING INDEX SEEK s:Memory(namespace, id)
WHERE s.id STARTS WITH 'n_'
MATCH (s)-[r]->(o)
WHERE r.fact_id IS NOT NULL
RETURN r.fact_id AS fact, s.id AS subject, type(r) AS type, properties(r) AS props, o.id AS object
