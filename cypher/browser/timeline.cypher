// Timeline of one thing
// Every period ever believed: true from and until, believed from and until. What is empty is open, or unknown.
// :param namespace => 'acme/team'
// :param name => 'Bob'
// Columns: fact, true_from, true_until, believed_from, believed_until, id
CALL () {
  WITH replace(toLower(trim(normalize($name, NFKC))), 'ß', 'ss') AS key
  MATCH (said:Memory {namespace: $namespace, id: 'name ' + key})-[:NAMES]->(named:Entity)
  USING INDEX SEEK said:Memory(namespace, id)
  RETURN named
  UNION
  MATCH (named:Entity {namespace: $namespace, name: trim($name)})
  USING INDEX SEEK named:Entity(namespace, name)
  RETURN named
}
OPTIONAL MATCH (kept:Memory {namespace: $namespace, id: named.merged})
USING INDEX SEEK kept:Memory(namespace, id)
WITH DISTINCT coalesce(kept, named) AS thing
MATCH (thing)<-[:SUBJECT|OBJECT]-(f:Fact)
WITH DISTINCT f
MATCH (f)-[h:HELD]->()
WITH f, h, [us IN [h.valid_from, h.valid_to, h.system_from, h.system_to] |
  CASE WHEN us IS NULL THEN null ELSE datetime({epochMillis: us / 1000}) END] AS at
RETURN f.text AS fact, at[0] AS true_from, at[1] AS true_until, at[2] AS believed_from, at[3] AS believed_until,
  f.id AS id
ORDER BY true_from, believed_from, fact
