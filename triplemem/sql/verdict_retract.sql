UPDATE verdict SET retracted_at = :at WHERE ns = :ns AND id = :id
