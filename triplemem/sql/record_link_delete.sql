DELETE FROM record_link WHERE ns = :ns AND what = :what AND target = :target
