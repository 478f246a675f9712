// What was gone through
// The latest experiences, each with its steps and how it ended, the messages it came from and the facts that it used.
// :param namespace => 'acme/team'
// Columns: experience, log, messages, facts
MATCH (experience:Record {namespace: $namespace, kind: 'experience'})
USING INDEX SEEK experience:Record(namespace, kind, name, id)
WHERE experience.name >= '' AND experience.id >= 'r_'
WITH experience ORDER BY experience.id DESC LIMIT 25
RETURN experience,
  [path = (experience)<-[:CONCERNS]-(:Record) | path] AS log,
  [path = (experience)-[:FROM]->(:Episode) | path] AS messages,
  [path = (experience)-[:USED]->(:Fact)-[:SUBJECT|OBJECT]->(:Entity) | path] AS facts
