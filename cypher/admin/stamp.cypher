// Stamp a setting unless it is there; what stands
// :param key => 'schema'
// :param value => '1'
// Columns: value
MERGE (m:Meta {key: $key})
  ON CREATE SET m.value = $value
RETURN m.value AS value
