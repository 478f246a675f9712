DELETE FROM period WHERE ns = :ns
