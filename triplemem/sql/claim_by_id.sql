SELECT * FROM claim WHERE ns = :ns AND episode = :episode AND n = :n
