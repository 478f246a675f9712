// Of each of these episodes the nearest ones before it and after it in its session, few of which are looked at
// :param namespace => 'acme/users/42'
// :param ids => ['e_0123456789abcdef']
// :param reach => 2
// Columns: id, before, after
UNWIND $ids AS id
MATCH (e:Memory {namespace: $namespace, id: id})
RETURN id, CASE WHEN e.session IS NULL THEN COLLECT {
    MATCH (p:Episode {namespace: $namespace})
    WHERE p.session IS NULL AND p.occurred_at <= e.occurred_at AND (p.occurred_at < e.occurred_at OR p.id < e.id)
    WITH p ORDER BY p.occurred_at DESC, p.id DESC LIMIT 16 WHERE p.rendered = 0
    RETURN p.id LIMIT $reach
  } ELSE COLLECT {
    MATCH (p:Episode {namespace: $namespace, session: e.session})
    WHERE p.occurred_at <= e.occurred_at AND (p.occurred_at < e.occurred_at OR p.id < e.id)
    WITH p ORDER BY p.occurred_at DESC, p.id DESC LIMIT 16 WHERE p.rendered = 0
    RETURN p.id LIMIT $reach
  } END AS before, CASE WHEN e.session IS NULL THEN COLLECT {
    MATCH (n:Episode {namespace: $namespace})
    WHERE n.session IS NULL AND n.occurred_at >= e.occurred_at AND (n.occurred_at > e.occurred_at OR n.id > e.id)
    WITH n ORDER BY n.occurred_at, n.id LIMIT 16 WHERE n.rendered = 0
    RETURN n.id LIMIT $reach
  } ELSE COLLECT {
    MATCH (n:Episode {namespace: $namespace, session: e.session})
    WHERE n.occurred_at >= e.occurred_at AND (n.occurred_at > e.occurred_at OR n.id > e.id)
    WITH n ORDER BY n.occurred_at, n.id LIMIT 16 WHERE n.rendered = 0
    RETURN n.id LIMIT $reach
  } END AS after
