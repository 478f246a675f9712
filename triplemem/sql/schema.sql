-- The embedded store, schema version 4. Times are microseconds since 1970, UTC. Every table is clustered by namespace.
-- Ledger: episode, claim, verdict, entity, name, identity, predicate, proposal, tombstone, event, record. Derived: fact, period, words. Work: job.
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE namespace (
    n INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, secret BLOB NOT NULL,
    recorded_at INTEGER NOT NULL, number INTEGER NOT NULL,
    tombstones INTEGER NOT NULL DEFAULT 0, definitions INTEGER NOT NULL DEFAULT 0,
    links INTEGER NOT NULL DEFAULT 0, merges INTEGER NOT NULL DEFAULT 0, verdicts INTEGER NOT NULL DEFAULT 0,
    vectors INTEGER NOT NULL DEFAULT 0  -- how often vectors were taken away, and a random number: what was read of them before is read anew
) STRICT;

CREATE TABLE secret (  -- further keys that imported tombstones were made with
    ns INTEGER NOT NULL REFERENCES namespace, secret BLOB NOT NULL, PRIMARY KEY (ns, secret)
) STRICT, WITHOUT ROWID;

CREATE TABLE episode (
    ns INTEGER NOT NULL REFERENCES namespace, id INTEGER NOT NULL,
    text TEXT NOT NULL, speaker TEXT, role TEXT NOT NULL, session TEXT,
    occurred_at INTEGER NOT NULL, utc_offset INTEGER NOT NULL, recorded_at INTEGER NOT NULL,
    source_id TEXT, metadata TEXT, identity BLOB NOT NULL, replaced_by INTEGER,
    rendered INTEGER NOT NULL, redacted INTEGER NOT NULL DEFAULT 0, actor TEXT NOT NULL, mark INTEGER,
    PRIMARY KEY (ns, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX episode_identity ON episode (ns, identity);
CREATE INDEX episode_session ON episode (ns, session, occurred_at);

CREATE TABLE claim (
    ns INTEGER NOT NULL, episode INTEGER NOT NULL, n INTEGER NOT NULL, fact INTEGER NOT NULL,
    placed_at INTEGER NOT NULL, position INTEGER NOT NULL, said_at INTEGER NOT NULL,
    valid_from INTEGER, valid_to INTEGER, during_from INTEGER, during_to INTEGER, observed_at INTEGER,
    ended INTEGER NOT NULL, together TEXT, links TEXT,
    subject TEXT NOT NULL, predicate TEXT NOT NULL, object TEXT NOT NULL, said TEXT,
    quote_from INTEGER, quote_to INTEGER, extractor TEXT NOT NULL, prompt TEXT, actor TEXT NOT NULL,
    recorded_at INTEGER NOT NULL, retracted_at INTEGER, retracted_by TEXT,
    PRIMARY KEY (ns, episode, n), FOREIGN KEY (ns, episode) REFERENCES episode (ns, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_fact ON claim (ns, fact);

CREATE TABLE link (  -- the facts that a claim ends or corrects, found from those facts
    ns INTEGER NOT NULL, target INTEGER NOT NULL, episode INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (ns, target, episode, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE verdict (  -- ends (kind 'end') and extractors' retractions (kind 'retraction')
    ns INTEGER NOT NULL, id INTEGER NOT NULL, kind TEXT NOT NULL, fact INTEGER NOT NULL,
    at INTEGER, said_at INTEGER NOT NULL, placed_at INTEGER NOT NULL, position INTEGER NOT NULL,
    reason TEXT, actor TEXT NOT NULL, episode INTEGER, quote_from INTEGER, quote_to INTEGER,
    recorded_at INTEGER NOT NULL, retracted_at INTEGER, PRIMARY KEY (ns, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_fact ON verdict (ns, fact);
CREATE INDEX verdict_episode ON verdict (ns, episode) WHERE episode IS NOT NULL;

CREATE TABLE entity (
    ns INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, kind TEXT, merged INTEGER,
    aliases TEXT, recorded_at INTEGER NOT NULL, PRIMARY KEY (ns, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE name (
    ns INTEGER NOT NULL, key TEXT NOT NULL, entity INTEGER NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (ns, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE identity (  -- what joined and parted names: aliases, merges, splits
    ns INTEGER NOT NULL, id INTEGER NOT NULL, kind TEXT NOT NULL, keep INTEGER NOT NULL, other INTEGER NOT NULL,
    key TEXT, text TEXT, episode INTEGER, actor TEXT NOT NULL, reason TEXT, recorded_at INTEGER NOT NULL,
    PRIMARY KEY (ns, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE predicate (
    ns INTEGER NOT NULL, id INTEGER NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
    actor TEXT NOT NULL, recorded_at INTEGER NOT NULL, PRIMARY KEY (ns, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE proposal (
    ns INTEGER NOT NULL, id INTEGER NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
    episode INTEGER, actor TEXT NOT NULL, recorded_at INTEGER NOT NULL, PRIMARY KEY (ns, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE tombstone (
    ns INTEGER NOT NULL, id INTEGER NOT NULL, verb TEXT NOT NULL, bars TEXT NOT NULL, fact INTEGER,
    actor TEXT NOT NULL, reason TEXT, recorded_at INTEGER NOT NULL, lifted_at INTEGER, PRIMARY KEY (ns, id)
) STRICT, WITHOUT ROWID;
CREATE TABLE barred (
    ns INTEGER NOT NULL, digest BLOB NOT NULL, tombstone INTEGER NOT NULL, scope TEXT NOT NULL, words INTEGER NOT NULL,
    PRIMARY KEY (ns, digest, tombstone)
) STRICT, WITHOUT ROWID;

CREATE TABLE event (
    ns INTEGER NOT NULL, at INTEGER NOT NULL, id INTEGER NOT NULL, actor TEXT NOT NULL, kind TEXT NOT NULL,
    fact INTEGER, cause TEXT, reason TEXT, PRIMARY KEY (ns, at, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE fact (
    ns INTEGER NOT NULL, id INTEGER NOT NULL, subject INTEGER NOT NULL, predicate TEXT NOT NULL,
    object INTEGER NOT NULL, holds_to INTEGER NOT NULL, support INTEGER NOT NULL, indexed INTEGER NOT NULL,
    moved_to INTEGER, rejected INTEGER, recorded_at INTEGER NOT NULL, PRIMARY KEY (ns, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX fact_subject ON fact (ns, subject, predicate, holds_to);
CREATE INDEX fact_object ON fact (ns, object, predicate, holds_to);
CREATE INDEX fact_predicate ON fact (ns, predicate, holds_to);
CREATE INDEX fact_moved ON fact (ns, moved_to) WHERE moved_to IS NOT NULL;
CREATE TABLE period (
    ns INTEGER NOT NULL, fact INTEGER NOT NULL, system_from INTEGER NOT NULL, valid_from INTEGER NOT NULL,
    valid_to INTEGER NOT NULL, system_to INTEGER NOT NULL, successor INTEGER,
    PRIMARY KEY (ns, fact, system_from, valid_from)
) STRICT, WITHOUT ROWID;

CREATE TABLE job (
    ns INTEGER NOT NULL, episode INTEGER NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
    error TEXT, not_before INTEGER, lease TEXT, lease_until INTEGER, PRIMARY KEY (ns, episode)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_due ON job (ns, state) WHERE state <> 'done';

CREATE TABLE vector (  -- kinds: fact (holds or is yet to begin), past, episode, record; change: in which order they were written
    ns INTEGER NOT NULL, kind TEXT NOT NULL, change INTEGER NOT NULL, id INTEGER NOT NULL, embedding BLOB NOT NULL,
    PRIMARY KEY (ns, kind, change)
) STRICT, WITHOUT ROWID;
CREATE INDEX vector_id ON vector (ns, id);

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

-- Contentless: each token carries its namespace and kind, so no posting of another namespace is read.
CREATE VIRTUAL TABLE words USING fts5(text, content='', columnsize=0, detail=none, tokenize='porter ascii');
