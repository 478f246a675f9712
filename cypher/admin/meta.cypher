// A setting stamped in the store
// :param key => 'schema'
// Columns: value
MATCH (m:Meta {key: $key})
RETURN m.value AS value
