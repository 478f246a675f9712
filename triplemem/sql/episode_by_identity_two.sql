SELECT * FROM episode INDEXED BY episode_identity WHERE ns = :ns AND identity = :one AND replaced_by IS NULL
UNION ALL
SELECT * FROM episode INDEXED BY episode_identity WHERE ns = :ns AND identity = :other AND replaced_by IS NULL
