// The records of a kind after one of them, recorded by then, in the order recorded
// :param namespace => 'acme/users/42'
// :param kind => 'prompt'
// :param known => 9223372036854775807
// :param after => 'r_0000000000000000'
// :param limit => 100
// Columns: record
MATCH (r:Record {namespace: $namespace, kind: $kind})
USING INDEX SEEK r:Record(namespace, kind, name, id)
WHERE r.name >= '' AND r.id > $after AND r.recorded_at <= $known
RETURN r {.id, .kind, .name, .body, .actor, .recorded_at} AS record ORDER BY r.id LIMIT $limit
