// Join these nodes again to what they name by its id
// :param namespace => 'acme/users/42'
// :param joins => [{id: 'c_0123456789abcdef.0', type: 'ASSERTS', to: 'f_0123456789abcdef'}]
// Columns: none
CYPHER 25
UNWIND $joins AS row
MATCH (x:Memory {namespace: $namespace, id: row.id})
USING INDEX SEEK x:Memory(namespace, id)
CALL (x, row) {
  MATCH (x)-[r]->()
  WHERE type(r) = row.type
  DELETE r
}
MATCH (y:Memory {namespace: $namespace, id: row.to})
USING INDEX SEEK y:Memory(namespace, id)
CREATE (x)-[:$(row.type)]->(y)
