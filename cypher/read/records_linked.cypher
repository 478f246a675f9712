// The records that are joined to one of these by relationships of a type: FROM, USED or CONCERNS
// :param namespace => 'acme/users/42'
// :param type => 'FROM'
// :param ids => ['e_0123456789abcdef']
// Columns: record
UNWIND $ids AS id
MATCH (x:Memory {namespace: $namespace, id: id})<-[l:FROM|USED|CONCERNS]-(r:Record)
USING INDEX SEEK x:Memory(namespace, id)
WHERE type(l) = $type
WITH DISTINCT r
RETURN r {.id, .kind, .name, .body, .actor, .recorded_at} AS record ORDER BY r.id
