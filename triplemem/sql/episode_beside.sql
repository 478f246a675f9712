-- Of each of these episodes the nearest ones before it and after it in its session; few entries are looked at, so that rendered ones in between cost little. What occurred at the same time is looked up by its id: of thousands of such turns none is passed over. SQLite gives the rows of one arm of UNION ALL after the other; an ORDER BY over both would sort both for each episode, at four times the cost, so a test against a plain list stands for it.
SELECT e.id, (
  SELECT json_group_array(id) FROM (
    SELECT id FROM (
      SELECT id, rendered FROM (
        SELECT p.id, p.rendered FROM episode AS p INDEXED BY episode_session
        WHERE p.ns = e.ns AND p.session IS e.session AND p.occurred_at = e.occurred_at AND p.id < e.id
        ORDER BY p.id DESC LIMIT 16)
      UNION ALL
      SELECT id, rendered FROM (
        SELECT p.id, p.rendered FROM episode AS p INDEXED BY episode_session
        WHERE p.ns = e.ns AND p.session IS e.session AND p.occurred_at < e.occurred_at
        ORDER BY p.occurred_at DESC, p.id DESC LIMIT 16)
      LIMIT 16)
    WHERE rendered = 0 LIMIT :reach)
), (
  SELECT json_group_array(id) FROM (
    SELECT id FROM (
      SELECT id, rendered FROM (
        SELECT n.id, n.rendered FROM episode AS n INDEXED BY episode_session
        WHERE n.ns = e.ns AND n.session IS e.session AND n.occurred_at = e.occurred_at AND n.id > e.id
        ORDER BY n.id LIMIT 16)
      UNION ALL
      SELECT id, rendered FROM (
        SELECT n.id, n.rendered FROM episode AS n INDEXED BY episode_session
        WHERE n.ns = e.ns AND n.session IS e.session AND n.occurred_at > e.occurred_at
        ORDER BY n.occurred_at, n.id LIMIT 16)
      LIMIT 16)
    WHERE rendered = 0 LIMIT :reach)
)
FROM episode AS e WHERE e.ns = :ns AND e.id IN (SELECT value FROM json_each(:ids))
