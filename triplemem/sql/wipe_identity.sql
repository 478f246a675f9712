DELETE FROM identity WHERE ns = :ns
