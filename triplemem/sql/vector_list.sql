SELECT id, embedding FROM vector WHERE ns = :ns AND kind = :kind
