INSERT INTO namespace (path, secret, recorded_at, number) VALUES (:path, :secret, 0, 0)
