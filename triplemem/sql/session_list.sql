SELECT session, count(*), min(occurred_at), max(occurred_at) FROM episode INDEXED BY episode_session
WHERE ns = :ns AND session IS NOT NULL AND replaced_by IS NULL AND rendered = 0 AND recorded_at <= :known GROUP BY session
