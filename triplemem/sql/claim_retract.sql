UPDATE claim SET retracted_at = :at, retracted_by = :by WHERE ns = :ns AND episode = :episode AND n = :n
