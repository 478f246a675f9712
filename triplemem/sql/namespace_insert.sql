-- Its count of removals begins at random: an imported namespace may have the key and the number of one that was erased.
INSERT INTO namespace (path, secret, recorded_at, number, vectors) VALUES (:path, :secret, 0, 0, abs(random() / 2))
