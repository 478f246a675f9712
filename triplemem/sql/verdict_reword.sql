UPDATE verdict SET reason = :reason WHERE ns = :ns AND id = :id
