// The sessions of a namespace, of the messages recorded by then: how many, the first and the last, in microseconds since 1970
// :param namespace => 'acme/users/42'
// :param known => 9223372036854775807
// Columns: session, messages, first, last
MATCH (e:Episode {namespace: $namespace})
USING INDEX SEEK e:Episode(namespace, session, occurred_at)
WHERE e.session >= '' AND e.occurred_at >= -9223372036854775808 AND e.recorded_at <= $known
  AND e.rendered = 0 AND (e.replaced_by IS NULL OR EXISTS {
    MATCH (n:Memory {namespace: $namespace, id: e.replaced_by})
    USING INDEX SEEK n:Memory(namespace, id)
    WHERE n.recorded_at > $known
  })
RETURN e.session AS session, count(*) AS messages, min(e.occurred_at) AS first, max(e.occurred_at) AS last
