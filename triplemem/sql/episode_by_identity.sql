SELECT * FROM episode INDEXED BY episode_identity WHERE ns = :ns AND identity = :identity AND replaced_by IS NULL ORDER BY id DESC LIMIT 1
