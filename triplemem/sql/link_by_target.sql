SELECT c.* FROM link AS l JOIN claim AS c ON c.ns = l.ns AND c.episode = l.episode AND c.n = l.n WHERE l.ns = :ns AND l.target IN (SELECT value FROM json_each(:ids))
