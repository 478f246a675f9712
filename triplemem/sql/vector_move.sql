-- A fact that is over, or holds again, since its vector was written.
UPDATE vector SET change = :change, kind = CASE kind WHEN 'fact' THEN 'past' ELSE 'fact' END
WHERE ns = :ns AND id = :id AND kind IN ('fact', 'past')
  AND (kind = 'fact') <> (SELECT indexed = 1 FROM fact WHERE ns = :ns AND id = :id)
