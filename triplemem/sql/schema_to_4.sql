-- Leads schema version 3 to 4: records of procedural and episodic memory.
CREATE TABLE record (  -- procedural and episodic memory: what was decided and what happened, log by log
    ns INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL,
    actor TEXT NOT NULL, recorded_at INTEGER NOT NULL, PRIMARY KEY (ns, kind, name, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX record_id ON record (ns, id);
CREATE TABLE record_link (  -- what records rest on, found from either end; what: episode, fact, record
    ns INTEGER NOT NULL, what TEXT NOT NULL, target INTEGER NOT NULL, record INTEGER NOT NULL,
    PRIMARY KEY (ns, what, target, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_link_record ON record_link (ns, record);
