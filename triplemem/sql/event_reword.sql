UPDATE event SET reason = :reason WHERE ns = :ns AND at = :at AND id = :id
