SELECT fact, system_from, valid_from, valid_to, system_to, successor FROM period WHERE ns = :ns ORDER BY fact, system_from, valid_from
