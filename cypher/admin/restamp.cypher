// Change a setting
// :param key => 'schema'
// :param value => '1'
// Columns: value
MERGE (m:Meta {key: $key})
SET m.value = $value
RETURN m.value AS value
