// Change a setting
// Columns: value
MERGE (m:Meta {key: $key})
SET m.value = $value
RETURN m.value AS value
