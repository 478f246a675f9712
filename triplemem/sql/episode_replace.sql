UPDATE episode SET replaced_by = :by WHERE ns = :ns AND id = :id
