SELECT n, path, secret, recorded_at, number, tombstones, definitions, links, merges, verdicts,
  (SELECT group_concat(hex(s.secret)) FROM secret AS s WHERE s.ns = n)
FROM namespace WHERE path = ?1
