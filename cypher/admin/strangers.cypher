// Nodes that are not ours: a database that has them is left alone
// Columns: label
MATCH (x)
WHERE NOT x:Meta AND NOT x:Namespace AND x.namespace IS NULL
RETURN coalesce(labels(x)[0], '(no label)') AS label LIMIT 1
