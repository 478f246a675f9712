DELETE FROM identity WHERE ns = :ns AND id = :id
