SELECT v.id, v.embedding FROM record AS r CROSS JOIN vector AS v ON v.ns = r.ns AND v.id = r.id AND v.kind = 'record'
WHERE r.ns = :ns AND r.kind = :kind ORDER BY v.id
