-- Leads schema version 2 to 3: vectors in the order in which they were written, those of past facts apart.
ALTER TABLE vector RENAME TO vector_2;
CREATE TABLE vector (  -- kinds: fact (holds or is yet to begin), past, episode, record; change: in which order they were written
    ns INTEGER NOT NULL, kind TEXT NOT NULL, change INTEGER NOT NULL, id INTEGER NOT NULL, embedding BLOB NOT NULL,
    PRIMARY KEY (ns, kind, change)
) STRICT, WITHOUT ROWID;
INSERT INTO vector
SELECT v.ns, CASE WHEN v.kind = 'fact' AND f.indexed <> 1 THEN 'past' ELSE v.kind END,
       row_number() OVER (PARTITION BY v.ns ORDER BY v.kind, v.id), v.id, v.embedding
FROM vector_2 AS v LEFT JOIN fact AS f ON v.kind = 'fact' AND f.ns = v.ns AND f.id = v.id;
DROP TABLE vector_2;
CREATE INDEX vector_id ON vector (ns, id);
