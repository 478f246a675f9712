// Why do we believe this
// One fact with the claims and verdicts on it, the messages that they come from, and the fact that took its place.
// :param namespace => 'acme/team'
// :param fact => 'f_0123456789abcdef'
// Columns: fact, ends, evidence, verdicts, successors
MATCH (fact:Memory {namespace: $namespace, id: $fact})
USING INDEX SEEK fact:Memory(namespace, id)
RETURN fact,
  [path = (fact)-[:SUBJECT|OBJECT]->(:Entity) | path] AS ends,
  [path = (fact)<-[:ASSERTS|ENDS|CORRECTS]-(:Claim)-[:FROM]->(:Episode) | path] AS evidence,
  [path = (fact)<-[:CONCERNS]-(:Verdict) | path] AS verdicts,
  COLLECT {
    MATCH (fact)-[h:HELD]->()
    MATCH (next:Memory {namespace: $namespace, id: h.successor})
    USING INDEX SEEK next:Memory(namespace, id)
    RETURN DISTINCT next
  } AS successors
