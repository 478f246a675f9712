// Hubs
// The people and things that most facts are about now, with these facts.
// :param namespace => 'acme/team'
// :param most => 5
// Columns: hub, now, other
MATCH (hub:Memory {namespace: $namespace})
USING INDEX SEEK hub:Memory(namespace, id)
WHERE hub.id STARTS WITH 'n_'
WITH hub, COUNT { (hub)-[r]-(:Entity) WHERE type(r) <> 'ENDED' } AS facts
WHERE facts > 0
ORDER BY facts DESC, hub.name LIMIT toInteger($most)
MATCH (hub)-[now]-(other:Entity)
WHERE type(now) <> 'ENDED'
RETURN hub, now, other LIMIT 300
