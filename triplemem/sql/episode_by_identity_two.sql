SELECT * FROM episode INDEXED BY episode_identity WHERE ns = ?1 AND identity = ?2 AND replaced_by IS NULL
UNION ALL
SELECT * FROM episode INDEXED BY episode_identity WHERE ns = ?1 AND identity = ?3 AND replaced_by IS NULL
