// Every namespace that anything was written to
// Columns: path
MATCH (n:Namespace)
WHERE n.path IS NOT NULL
RETURN n.path AS path ORDER BY path
