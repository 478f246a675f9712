UPDATE claim SET retracted_at = :at WHERE ns = :ns AND episode = :episode AND n = :n
