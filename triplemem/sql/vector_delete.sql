DELETE FROM vector WHERE ns = :ns AND id = :id AND CASE kind WHEN 'past' THEN 'fact' ELSE kind END = :kind
