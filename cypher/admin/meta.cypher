// A setting stamped in the store
// Columns: value
MATCH (m:Meta {key: $key})
RETURN m.value AS value
