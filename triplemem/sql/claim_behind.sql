-- Of each of these facts the newest episodes whose claims stood behind it. They are given in the order of the subquery.
SELECT f.value, (
  SELECT json_group_array(episode) FROM (
    SELECT DISTINCT episode FROM claim INDEXED BY claim_fact
    WHERE ns = :ns AND fact = f.value AND recorded_at <= :known AND (retracted_at IS NULL OR retracted_at > :known)
    ORDER BY episode DESC LIMIT :limit)
)
FROM json_each(:ids) AS f
