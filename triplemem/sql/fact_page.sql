SELECT id, subject, predicate, object, holds_to, support, indexed, moved_to, rejected, recorded_at FROM fact
WHERE ns = :ns AND id IN (
  SELECT f.id FROM fact AS f CROSS JOIN period AS p ON p.ns = f.ns AND p.fact = f.id
  WHERE f.ns = :ns AND f.holds_to > :holding AND f.recorded_at <= :known AND (:moved OR f.moved_to IS NULL)
    AND p.system_from <= :known AND p.system_to > :known
  GROUP BY f.id
  HAVING (:at IS NULL OR max(p.valid_from <= :at AND p.valid_to > :at AND p.valid_from > -9223372036854775808))
    AND (min(p.valid_from), f.recorded_at, f.id) > (:first, :recorded_at, :id)
  ORDER BY min(p.valid_from), f.recorded_at, f.id LIMIT :limit)
