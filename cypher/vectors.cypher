// The vector indexes, made when a store is first opened with an embedder. Idempotent; each statement runs by itself.
// :param dimensions => 64
CYPHER 25 CREATE VECTOR INDEX triplemem_current_facts IF NOT EXISTS FOR (x:Current) ON x.embedding WITH [x.namespace]
  OPTIONS {indexConfig: {`vector.dimensions`: $dimensions, `vector.similarity_function`: 'cosine', `vector.default_search_expansion_factor`: 10.0, `vector.quantization.enabled`: false}};
CYPHER 25 CREATE VECTOR INDEX triplemem_past_facts IF NOT EXISTS FOR (x:Past) ON x.embedding WITH [x.namespace]
  OPTIONS {indexConfig: {`vector.dimensions`: $dimensions, `vector.similarity_function`: 'cosine', `vector.default_search_expansion_factor`: 10.0, `vector.quantization.enabled`: false}};
CYPHER 25 CREATE VECTOR INDEX triplemem_episodes IF NOT EXISTS FOR (x:Episode) ON x.embedding WITH [x.namespace]
  OPTIONS {indexConfig: {`vector.dimensions`: $dimensions, `vector.similarity_function`: 'cosine', `vector.default_search_expansion_factor`: 10.0, `vector.quantization.enabled`: false}};
