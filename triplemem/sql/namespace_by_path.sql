SELECT n, path, secret, recorded_at, number, tombstones, definitions, links, merges, verdicts, vectors FROM namespace WHERE path = :path
