// The periods of these facts as believed at a time; no valid_from: start unknown, no valid_to: until further notice
// :param namespace => 'acme/users/42'
// :param ids => ['f_0123456789abcdef']
// :param known => 9223372036854775806
// Columns: fact, period
UNWIND $ids AS id
MATCH (m:Memory {namespace: $namespace, id: id})-[h:HELD]->()
USING INDEX SEEK m:Memory(namespace, id)
WHERE h.system_from <= $known AND (h.system_to IS NULL OR h.system_to > $known)
RETURN id AS fact, properties(h) AS period
