UPDATE claim SET fact = :fact WHERE ns = :ns AND episode = :episode AND n = :n
