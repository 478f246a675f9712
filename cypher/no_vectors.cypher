// Take the vector indexes away, so that they can be made for embeddings of another length. Idempotent; each statement runs by itself.
CYPHER 25 DROP INDEX triplemem_current_facts IF EXISTS;
CYPHER 25 DROP INDEX triplemem_past_facts IF EXISTS;
CYPHER 25 DROP INDEX triplemem_episodes IF EXISTS;
