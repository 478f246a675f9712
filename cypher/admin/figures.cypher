// How many namespaces, facts and claims there are
// Columns: namespaces, facts, claims
CALL () { MATCH (n:Namespace) RETURN count(n) AS namespaces }
CALL () { MATCH (f:Fact) RETURN count(f) AS facts }
CALL () { MATCH (c:Claim) RETURN count(c) AS claims }
RETURN namespaces, facts, claims
