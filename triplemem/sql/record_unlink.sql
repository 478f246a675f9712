DELETE FROM record_link WHERE ns = :ns AND record = :id
