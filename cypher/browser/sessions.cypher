// Conversations, and what came of them
// Each session with its messages, how many claims were read from them, and what is still to be read.
// :param namespace => 'acme/team'
// Columns: session, began, messages, claims, unread
MATCH (e:Memory {namespace: $namespace})
USING INDEX SEEK e:Memory(namespace, id)
WHERE e.id STARTS WITH 'e_'
OPTIONAL MATCH (j:Memory {namespace: $namespace, id: 'j_' + substring(e.id, 2)})
USING INDEX SEEK j:Memory(namespace, id)
WITH e.session AS session, e, COUNT { (e)<-[:FROM]-(:Claim) } AS claims, j
RETURN session, datetime({epochMillis: min(e.occurred_at) / 1000}) AS began, count(*) AS messages, sum(claims) AS claims,
  sum(CASE WHEN j.state IN ['pending', 'failed'] THEN 1 ELSE 0 END) AS unread
ORDER BY began DESC
