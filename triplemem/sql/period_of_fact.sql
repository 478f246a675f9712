SELECT fact, valid_from, valid_to, successor, system_from FROM period WHERE ns = ? AND fact = ? AND system_from <= ? AND system_to > ? ORDER BY valid_from
