SELECT id FROM vector WHERE ns = :ns AND kind = :kind
