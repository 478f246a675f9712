// Every period ever believed of the facts of a namespace
// :param namespace => 'acme/users/42'
// Columns: fact, period
MATCH (f:Memory {namespace: $namespace})
USING INDEX SEEK f:Memory(namespace, id)
WHERE f.id STARTS WITH 'f_'
MATCH (f)-[h:HELD]->()
RETURN f.id AS fact, properties(h) AS period
