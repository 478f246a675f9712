// No claim is found from this fact any longer
// :param namespace => 'acme/users/42'
// :param fact => 'f_0123456789abcdef'
// Columns: none
MATCH (m:Memory {namespace: $namespace, id: $fact})<-[l:ENDS|CORRECTS]-(:Claim)
USING INDEX SEEK m:Memory(namespace, id)
DELETE l
