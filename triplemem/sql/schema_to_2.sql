-- Leads schema version 1 to 2: what an episode ended or took back is found by an index. Some files of version 1 have it.
CREATE INDEX IF NOT EXISTS verdict_episode ON verdict (ns, episode) WHERE episode IS NOT NULL;
