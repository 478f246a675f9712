// The type of relationship that records of version 2 have is taken from facts, which a predicate of that name was drawn as
// Columns: none
MATCH (s:Entity)-[r:USED]->(o:Entity)
WHERE r.fact_id IS NOT NULL
MATCH (f:Memory {namespace: s.namespace, id: r.fact_id})
CREATE (s)-[n:RELATES_TO]->(o)
SET n = properties(r), n.predicate = f.predicate, f.drawn = 'RELATES_TO'
DELETE r
