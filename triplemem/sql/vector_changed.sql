SELECT id FROM vector WHERE ns = :ns AND kind = :kind AND change > :after
