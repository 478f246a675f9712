INSERT OR IGNORE INTO secret VALUES (:ns, :secret)
