// What a transaction changed, in one statement: what goes, what is new, what is joined, what is changed
// :param namespace => 'acme/users/42'
// :param space => {recorded_at: 0}
// Each of these is a list of rows: triplemem/stores/neo4j/pending.py. What is joined are new nodes, by their places
// :param undrawn => [{fact: 'f_0123456789abcdef', subject: 'n_0123456789abcdef', object: 'n_0123456789abcdef'}]
// :param unlinked => [{from: 'c_0123456789abcdef.0', types: ['ASSERTS'], to: null}]
// :param gone => ['e_0123456789abcdef']
// :param created => [{labels: ['Episode'], nodes: [{id: 'e_0123456789abcdef', namespace: 'acme/users/42'}]}]
// :param joined => [{type: 'SUBJECT', ends: [[0, 0, {}]]}]
// :param ensured => [{id: 'bar 00', props: {id: 'bar 00', namespace: 'acme/users/42'}, labels: ['Bar']}]
// :param linked => [{from: 'c_0123456789abcdef.0', type: 'ASSERTS', to: 'f_0123456789abcdef', props: {}}]
// :param changed => [{id: 'f_0123456789abcdef', set: {support: 1}, drop: ['Current'], add: ['Past']}]
// :param stopped => [{fact: 'f_0123456789abcdef', system_from: 0, valid_from: null, system_to: 1}]
// Columns: none
CYPHER 25
MATCH (n:Namespace {path: $namespace})
SET n += $space, n.touched = timestamp()
WITH n
CALL (n) {
  UNWIND $undrawn AS row
  MATCH (s:Memory {namespace: n.path, id: row.subject})
  USING INDEX SEEK s:Memory(namespace, id)
  MATCH (o:Memory {namespace: n.path, id: row.object})
  USING INDEX SEEK o:Memory(namespace, id)
  MATCH (s)-[r]->(o)
  WHERE r.fact_id = row.fact
  DELETE r
}
CALL (n) {
  UNWIND $unlinked AS row
  MATCH (m:Memory {namespace: n.path, id: row.from})-[r]->(o)
  USING INDEX SEEK m:Memory(namespace, id)
  WHERE type(r) IN row.types AND (row.to IS NULL OR o.id = row.to)
  DELETE r
}
CALL (n) {
  UNWIND $gone AS id
  MATCH (x:Memory {namespace: n.path, id: id})
  USING INDEX SEEK x:Memory(namespace, id)
  DETACH DELETE x
}
CALL () {
  UNWIND $created AS kind
  UNWIND kind.nodes AS props
  CREATE (x:Memory:$(kind.labels))
  SET x = props
  RETURN collect(x) AS made
}
CALL (made) {
  UNWIND $joined AS kind
  UNWIND kind.ends AS ends
  WITH kind, made[ends[0]] AS a, made[ends[1]] AS b, ends[2] AS props
  CREATE (a)-[r:$(kind.type)]->(b)
  SET r = props
}
CALL (n) {
  UNWIND $ensured AS row
  MERGE (x:Memory {namespace: n.path, id: row.id})
  ON CREATE SET x = row.props, x:$(row.labels)
}
CALL (n) {
  UNWIND $linked AS row
  MATCH (a:Memory {namespace: n.path, id: row.from})
  USING INDEX SEEK a:Memory(namespace, id)
  MATCH (b:Memory {namespace: n.path, id: row.to})
  USING INDEX SEEK b:Memory(namespace, id)
  CREATE (a)-[r:$(row.type)]->(b)
  SET r = row.props
}
CALL (n) {
  UNWIND $changed AS row
  MATCH (x:Memory {namespace: n.path, id: row.id})
  USING INDEX SEEK x:Memory(namespace, id)
  SET x += row.set
  REMOVE x:$(row.drop)
  SET x:$(row.add)
}
CALL (n) {
  UNWIND $stopped AS row
  MATCH (m:Memory {namespace: n.path, id: row.fact})-[h:HELD {system_from: row.system_from}]->()
  USING INDEX SEEK m:Memory(namespace, id)
  WHERE h.valid_from = row.valid_from OR (h.valid_from IS NULL AND row.valid_from IS NULL)
  SET h.system_to = row.system_to
}
FINISH
