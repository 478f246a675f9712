UPDATE claim SET quote_from = :start, quote_to = :end, said = :said WHERE ns = :ns AND episode = :episode AND n = :n
