SELECT id, embedding FROM vector WHERE ns = :ns AND kind = :kind AND change > :after ORDER BY change
