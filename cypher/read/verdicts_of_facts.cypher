// Ends and retractions of these facts, taken back or not
// :param namespace => 'acme/users/42'
// :param ids => ['f_0123456789abcdef']
// Columns: fact, verdict
UNWIND $ids AS id
MATCH (m:Memory {namespace: $namespace, id: id})<-[:CONCERNS]-(v:Verdict)
USING INDEX SEEK m:Memory(namespace, id)
RETURN id AS fact, properties(v) AS verdict ORDER BY v.id
