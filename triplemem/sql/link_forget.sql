DELETE FROM link WHERE ns = :ns AND target = :target
