SELECT e.* FROM episode AS e
WHERE e.ns = :ns AND e.id IN (SELECT value FROM json_each(:ids))
  AND e.rendered = 0 AND e.recorded_at <= :known
  AND e.occurred_at <= :occurred AND e.occurred_at >= :since AND e.occurred_at < :until
  AND (:session IS NULL OR e.session = :session) AND (:speaker IS NULL OR e.speaker = :speaker)
  AND (e.replaced_by IS NULL OR EXISTS (
    SELECT 1 FROM episode AS n WHERE n.ns = e.ns AND n.id = e.replaced_by AND n.recorded_at > :known))
  AND ((:predicate IS NULL AND :entity_kind IS NULL) OR EXISTS (
    SELECT 1 FROM claim AS c CROSS JOIN fact AS f ON f.ns = c.ns AND f.id = c.fact
    WHERE c.ns = e.ns AND c.episode = e.id
      AND c.recorded_at <= :known AND (c.retracted_at IS NULL OR c.retracted_at > :known)
      AND (:predicate IS NULL OR f.predicate = :predicate)
      AND (:entity_kind IS NULL OR EXISTS (
        SELECT 1 FROM entity AS n WHERE n.ns = f.ns AND n.id IN (f.subject, f.object) AND n.kind = :entity_kind))))
