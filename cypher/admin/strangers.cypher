// Nodes that are not ours: a database that has them is left alone
// Graphs of others, too, have nodes of these labels, or a property of this name.
// Columns: label
MATCH (x)
WHERE NOT (x:Meta AND x.key IS NOT NULL) AND NOT (x:Namespace AND x.path IS NOT NULL)
  AND NOT (x:Memory AND x.namespace IS NOT NULL AND x.id IS NOT NULL)
  AND NOT (x:Event AND x.namespace IS NOT NULL AND x.at IS NOT NULL)
RETURN coalesce(labels(x)[0], '(no label)') AS label LIMIT 1
