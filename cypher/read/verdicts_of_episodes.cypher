// Ends and retractions that these episodes said
// :param namespace => 'acme/users/42'
// :param ids => ['e_0123456789abcdef']
// Columns: verdict
UNWIND $ids AS id
MATCH (m:Memory {namespace: $namespace, id: id})<-[:FROM]-(v:Verdict)
USING INDEX SEEK m:Memory(namespace, id)
RETURN properties(v) AS verdict ORDER BY v.id
