SELECT id FROM vector WHERE ns = :ns AND id IN (SELECT value FROM json_each(:ids))
  AND CASE kind WHEN 'past' THEN 'fact' ELSE kind END = :kind
