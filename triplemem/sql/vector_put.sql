INSERT INTO vector (ns, kind, change, id, embedding)  -- of a fact that has been over, with the past ones
SELECT :ns, CASE WHEN :kind = 'fact' AND EXISTS (SELECT 1 FROM fact WHERE ns = :ns AND id = :id AND indexed <> 1)
       THEN 'past' ELSE :kind END, :change, :id, :embedding
