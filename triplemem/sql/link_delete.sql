DELETE FROM link WHERE ns = :ns AND target = :target AND episode = :episode AND n = :n
