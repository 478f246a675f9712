SELECT e.session, count(*), min(e.occurred_at), max(e.occurred_at) FROM episode AS e INDEXED BY episode_session
WHERE e.ns = :ns AND e.session IS NOT NULL AND e.rendered = 0 AND e.recorded_at <= :known
  AND (e.replaced_by IS NULL OR EXISTS (
    SELECT 1 FROM episode AS n WHERE n.ns = e.ns AND n.id = e.replaced_by AND n.recorded_at > :known))
GROUP BY e.session
