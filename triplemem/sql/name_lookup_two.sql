SELECT n.key, e.id, e.name, e.kind, e.merged, e.aliases, e.recorded_at FROM name AS n JOIN entity AS e ON e.ns = n.ns AND e.id = n.entity WHERE n.ns = ?1 AND n.key = ?2
UNION ALL
SELECT n.key, e.id, e.name, e.kind, e.merged, e.aliases, e.recorded_at FROM name AS n JOIN entity AS e ON e.ns = n.ns AND e.id = n.entity WHERE n.ns = ?1 AND n.key = ?3
