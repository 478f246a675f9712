-- Of each of these entities facts whose last period ends after a time, some from either end.
SELECT (
  SELECT json_group_array(id) FROM (
    SELECT id FROM fact INDEXED BY fact_subject
    WHERE ns = :ns AND subject = e.value AND holds_to > :holding LIMIT :limit)
), (
  SELECT json_group_array(id) FROM (
    SELECT id FROM fact INDEXED BY fact_object
    WHERE ns = :ns AND object = e.value AND holds_to > :holding LIMIT :limit)
)
FROM json_each(:ids) AS e
