SELECT f.id, f.subject, f.predicate, f.object, f.holds_to, f.support, f.indexed, f.moved_to, f.rejected, f.recorded_at
FROM fact AS f
WHERE f.ns = :ns AND f.id IN (SELECT value FROM json_each(:ids))
  AND (:predicate IS NULL OR f.predicate = :predicate)
  AND EXISTS (
    SELECT 1 FROM period AS p
    WHERE p.ns = f.ns AND p.fact = f.id AND p.system_from <= :known AND p.system_to > :known
      AND p.valid_from <= max(:at, :to) AND p.valid_to > :at AND p.valid_from > -9223372036854775808
      AND p.valid_from < :until AND p.valid_to > :since)
  AND (:entity_kind IS NULL OR EXISTS (
    SELECT 1 FROM entity AS n WHERE n.ns = f.ns AND n.id IN (f.subject, f.object) AND n.kind = :entity_kind))
  AND ((:session IS NULL AND :speaker IS NULL) OR EXISTS (
    SELECT 1 FROM claim AS c INDEXED BY claim_fact CROSS JOIN episode AS e ON e.ns = c.ns AND e.id = c.episode
    WHERE c.ns = f.ns AND c.fact = f.id
      AND c.recorded_at <= :known AND (c.retracted_at IS NULL OR c.retracted_at > :known)
      AND (:session IS NULL OR e.session = :session) AND (:speaker IS NULL OR e.speaker = :speaker)))
