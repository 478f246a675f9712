UPDATE event SET cause = NULL, reason = NULL WHERE ns = :ns AND cause = :cause
