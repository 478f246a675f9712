// Stamp a setting unless it is there; what stands
// Columns: value
MERGE (m:Meta {key: $key})
  ON CREATE SET m.value = $value
RETURN m.value AS value
