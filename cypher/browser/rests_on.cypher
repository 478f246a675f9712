// What rests on this message
// What was read from one message, and the facts that it asserts, ends or corrects.
// :param namespace => 'acme/team'
// :param episode => 'e_0123456789abcdef'
// Columns: message, claims, verdicts
MATCH (message:Memory {namespace: $namespace, id: $episode})
USING INDEX SEEK message:Memory(namespace, id)
RETURN message,
  [path = (message)<-[:FROM]-(:Claim)-[:ASSERTS|ENDS|CORRECTS]->(:Fact)-[:SUBJECT|OBJECT]->(:Entity) | path] AS claims,
  [path = (message)<-[:FROM]-(:Verdict)-[:CONCERNS]->(:Fact) | path] AS verdicts
