DELETE FROM vector WHERE ns = :ns AND kind = :kind AND id = :id
