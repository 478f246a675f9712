-- Of each of these episodes the nearest ones before it and after it in its session; few entries are looked at, so that rendered ones in between cost little.
SELECT e.id, (
  SELECT json_group_array(id) FROM (
    SELECT id FROM (
      SELECT p.id, p.rendered FROM episode AS p INDEXED BY episode_session
      WHERE p.ns = e.ns AND p.session IS e.session AND p.occurred_at <= e.occurred_at AND (p.occurred_at, p.id) < (e.occurred_at, e.id)
      ORDER BY p.occurred_at DESC, p.id DESC LIMIT 16)
    WHERE rendered = 0 LIMIT :reach)
), (
  SELECT json_group_array(id) FROM (
    SELECT id FROM (
      SELECT n.id, n.rendered FROM episode AS n INDEXED BY episode_session
      WHERE n.ns = e.ns AND n.session IS e.session AND n.occurred_at >= e.occurred_at AND (n.occurred_at, n.id) > (e.occurred_at, e.id)
      ORDER BY n.occurred_at, n.id LIMIT 16)
    WHERE rendered = 0 LIMIT :reach)
)
FROM episode AS e WHERE e.ns = :ns AND e.id IN (SELECT value FROM json_each(:ids))
