// Every entity, merged ones too
// :param namespace => 'acme/users/42'
// Columns: entity
MATCH (e:Memory {namespace: $namespace})
USING INDEX SEEK e:Memory(namespace, id)
WHERE e.id STARTS WITH 'n_'
RETURN properties(e) AS entity ORDER BY e.id
