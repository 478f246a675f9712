DELETE FROM period WHERE ns = :ns AND fact = :fact
