// A search in one statement: what the arms of recall look at, with vectors where there is one, sieved if that is asked
// :param namespace => 'acme/users/42'
// :param names => ['bob']
// :param texts => [{letter: 'f', words: ['fbob'], expression: '"{n}fbob"', deep: 1000, limit: 50}]
// :param deep => 1000
// :param deep_facts => 1000
// :param limit => 100
// :param limit_facts => 50
// :param within => [[0, 1]]
// :param spread => 2000
// :param holding => 0
// :param near => 200
// :param far => 20
// :param nodes => 32
// :param behind => 5
// :param reach => 2
// :param vector => [0.1]
// :param past => false
// :param room => 300000
// :param stones => 1000
// :param sieved => true
// :param known => 9223372036854775806
// :param former => false
// :param at => 0
// :param to => 0
// :param occurred => 9223372036854775807
// :param since => -9223372036854775808
// :param until => 9223372036854775807
// :param predicate => null
// :param entity_kind => null
// :param session => null
// :param speaker => null
// Columns: space, definitions, stones, named, texts, cut, near, ring, far, nodes, rest, told, said, sort, turns, facts, stood, ends, sieved
CYPHER 25
MATCH (n:Namespace {path: $namespace})
WITH n, n.seq AS began
CALL (n) {
  MATCH (p:Memory {namespace: n.path})
  USING INDEX SEEK p:Memory(namespace, id)
  WHERE p.id STARTS WITH 'd_' AND n.definitions > 0
  WITH p ORDER BY p.id
  RETURN collect(properties(p)) AS definitions
}
CALL (n) {
  MATCH (t:Memory {namespace: n.path})
  USING INDEX SEEK t:Memory(namespace, id)
  WHERE t.id STARTS WITH 't_' AND n.tombstones > 0
  WITH t ORDER BY t.id LIMIT $stones + 1
  RETURN collect(t) AS stones
}
CALL (n, stones) {
  UNWIND [t IN stones WHERE t.verb = 'reject' AND t.fact IS NOT NULL | t.fact] AS id
  WITH DISTINCT n, id
  MATCH (f:Memory {namespace: n.path, id: id})
  USING INDEX SEEK f:Memory(namespace, id)
  OPTIONAL MATCH (next:Memory {namespace: n.path, id: f.moved_to})
  USING INDEX SEEK next:Memory(namespace, id)
  OPTIONAL MATCH (last:Memory {namespace: n.path, id: next.moved_to})
  USING INDEX SEEK last:Memory(namespace, id)
  RETURN collect(f) + collect(next) + collect(last) AS against
}
CALL (n) {
  UNWIND $names AS key
  MATCH (it:Memory {namespace: n.path, id: 'name ' + key})-[:NAMES]->(e:Entity)
  USING INDEX SEEK it:Memory(namespace, id)
  RETURN collect([key, e]) AS named
}
CALL (n) {
  CALL (n) {
    UNWIND $texts AS text
    CALL (n, text) {
      CALL db.index.fulltext.queryNodes('triplemem_words', replace(text.expression, '{n}', toString(n.n)),
        {limit: text.deep}) YIELD node
      WITH node, split(node.words, ' ') AS words
      WITH node, [word IN text.words WHERE toString(n.n) + word IN words] AS held
      RETURN node, held ORDER BY size(held) DESC, node.id
    }
    RETURN node AS x, text.letter AS place, held AS how
    UNION ALL
    WITH $vector AS vector WHERE vector IS NOT NULL
    MATCH (x:Current)
      SEARCH x IN (VECTOR INDEX triplemem_current_facts FOR vector WHERE x.namespace = $namespace LIMIT $deep_facts)
      SCORE AS how
    RETURN x, 'current_facts' AS place, how
    UNION ALL
    WITH $vector AS vector WHERE vector IS NOT NULL AND $past
    MATCH (x:Past)
      SEARCH x IN (VECTOR INDEX triplemem_past_facts FOR vector WHERE x.namespace = $namespace LIMIT $deep_facts)
      SCORE AS how
    RETURN x, 'past_facts' AS place, how
    UNION ALL
    WITH $vector AS vector WHERE vector IS NOT NULL
    MATCH (x:Episode)
      SEARCH x IN (VECTOR INDEX triplemem_episodes FOR vector WHERE x.namespace = $namespace LIMIT $deep)
      SCORE AS how
    RETURN x, 'episodes' AS place, how
    UNION ALL
    UNWIND $within AS stretch
    CALL (n, stretch) {
      MATCH (x:Episode {namespace: $namespace})
      USING INDEX SEEK x:Episode(namespace, occurred_at)
      WHERE x.occurred_at >= stretch[0] AND x.occurred_at < stretch[1] AND x.rendered = 0
      WITH n, x ORDER BY x.occurred_at, x.id LIMIT $spread
      WITH n, x, split(x.words, ' ') AS words
      WITH x, head([text IN $texts WHERE text.letter = 'e'
        | [word IN text.words WHERE toString(n.n) + word IN words]]) AS held
      RETURN x, held ORDER BY size(held) DESC, x.occurred_at, x.id LIMIT $deep
    }
    RETURN x, 't' AS place, held AS how
  }
  RETURN collect([x, place, how]) AS found
}
CALL (found) {
  UNWIND CASE WHEN $sieved THEN found ELSE [] END AS one
  WITH one[0] AS x, one
  RETURN collect([x, one[1], one[2],
      (x:Fact AND ($predicate IS NULL OR x.predicate = $predicate)
        AND EXISTS {
          MATCH (x)-[h:HELD]->()
          WHERE h.system_from <= $known AND (h.system_to IS NULL OR h.system_to > $known)
            AND (h.valid_from <= $at OR h.valid_from <= $to)
            AND (h.valid_to IS NULL OR h.valid_to > $at)
            AND h.valid_from < $until AND (h.valid_to IS NULL OR h.valid_to > $since)
        }
        AND ($entity_kind IS NULL OR EXISTS {
          MATCH (x)-[:SUBJECT|OBJECT]->(s:Entity) WHERE s.kind = $entity_kind
        })
        AND (($session IS NULL AND $speaker IS NULL) OR EXISTS {
          MATCH (x)<-[:ASSERTS]-(c:Claim)-[:FROM]->(e:Episode)
          WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
            AND ($session IS NULL OR e.session = $session) AND ($speaker IS NULL OR e.speaker = $speaker)
        }))
      OR (x:Episode AND x.rendered = 0 AND x.recorded_at <= $known
        AND (x.replaced_by IS NULL OR ($former AND EXISTS {
          MATCH (b:Memory {namespace: $namespace, id: x.replaced_by})
          USING INDEX SEEK b:Memory(namespace, id)
          WHERE b.recorded_at > $known
        }))
        AND x.occurred_at <= $occurred AND x.occurred_at >= $since AND x.occurred_at < $until
        AND ($session IS NULL OR x.session = $session) AND ($speaker IS NULL OR x.speaker = $speaker)
        AND (($predicate IS NULL AND $entity_kind IS NULL) OR EXISTS {
          MATCH (x)<-[:FROM]-(c:Claim)-[:ASSERTS]->(f:Fact)
          WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
            AND ($predicate IS NULL OR f.predicate = $predicate)
            AND ($entity_kind IS NULL OR EXISTS {
              MATCH (f)-[:SUBJECT|OBJECT]->(s:Entity) WHERE s.kind = $entity_kind
            })
        }))]) AS judged
}
WITH *, CASE WHEN $sieved THEN judged ELSE [one IN found | one + [true]] END AS looked,
  [text IN $texts | [text.letter, text.limit]]
    + [['t', $limit], ['current_facts', $limit_facts], ['past_facts', $limit_facts], ['episodes', $limit]] AS places
WITH *, [place IN places | [one IN looked WHERE one[1] = place[0] AND one[3]][..place[1] * 5 / 4]] AS by_place,
  [text IN $texts WHERE $sieved AND size([one IN looked WHERE one[1] = text.letter]) >= text.deep
    AND size([one IN looked WHERE one[1] = text.letter AND one[3]]) < text.limit | text.letter] AS cut,
  [one IN looked WHERE size(one[1]) > 1] AS near, [one IN looked WHERE size(one[1]) = 1] AS texts
WITH *, reduce(every = [], some IN by_place | every + some) AS first, [one IN named | one[1].id] AS seeds
CALL (seeds) {
  UNWIND seeds AS id
  CALL (id) {
    MATCH (f:Fact {namespace: $namespace, subject: id})
    USING INDEX SEEK f:Fact(namespace, subject, predicate, holds_to)
    WHERE f.predicate IS NOT NULL AND f.holds_to > $holding
    RETURN f LIMIT $near
    UNION ALL
    MATCH (f:Fact {namespace: $namespace, object: id})
    USING INDEX SEEK f:Fact(namespace, object, predicate, holds_to)
    WHERE f.predicate IS NOT NULL AND f.holds_to > $holding
    RETURN f LIMIT $near
  }
  RETURN collect([id, f]) AS ring
}
CALL (seeds, ring) {
  UNWIND ring AS one
  UNWIND [one[1].subject, one[1].object] AS id
  WITH DISTINCT id
  WHERE NOT id IN seeds
  WITH id ORDER BY id LIMIT $nodes
  RETURN collect(id) AS beyond
}
CALL (beyond) {
  UNWIND beyond AS id
  CALL (id) {
    MATCH (f:Fact {namespace: $namespace, subject: id})
    USING INDEX SEEK f:Fact(namespace, subject, predicate, holds_to)
    WHERE f.predicate IS NOT NULL AND f.holds_to > $holding
    RETURN f LIMIT $far
    UNION ALL
    MATCH (f:Fact {namespace: $namespace, object: id})
    USING INDEX SEEK f:Fact(namespace, object, predicate, holds_to)
    WHERE f.predicate IS NOT NULL AND f.holds_to > $holding
    RETURN f LIMIT $far
  }
  RETURN collect([id, f]) AS further
}
WITH *, [one IN first WHERE one[3] AND one[0]:Fact | one[0]] + [one IN ring | one[1]]
    + [one IN further | one[1]] AS first_facts,
  [one IN first WHERE one[3] AND one[0]:Episode | one[0]] AS first_episodes
CALL (first_facts) {
  UNWIND first_facts AS f
  WITH DISTINCT f
  RETURN collect([f, COLLECT {
    MATCH (f)<-[:ASSERTS]-(c:Claim)
    WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
    RETURN DISTINCT c.episode AS id ORDER BY id DESC LIMIT $behind
  }]) AS rested
}
CALL (rested, first_episodes) {
  CALL (rested, first_episodes) {
    UNWIND first_episodes AS e
    RETURN e
    UNION
    UNWIND rested AS one
    UNWIND one[1] AS id
    MATCH (e:Memory {namespace: $namespace, id: id})
    USING INDEX SEEK e:Memory(namespace, id)
    RETURN e
  }
  RETURN collect(CASE e.rendered WHEN 0 THEN e END) AS turns, collect(CASE e.rendered WHEN 1 THEN e END) AS rendered
}
CALL (turns) {
  UNWIND turns AS e
  RETURN collect([e, COLLECT { MATCH (e)<-[:FROM]-(c:Claim) RETURN c }]) AS read
}
WITH *, [one IN rested | one[0].id] AS looked_at, [e IN turns + rendered | e.id] AS heard
CALL (looked_at, read) {
  UNWIND read AS one
  UNWIND one[1] AS c
  WITH DISTINCT c.fact AS fact
  WHERE NOT fact IN looked_at
  MATCH (f:Memory {namespace: $namespace, id: fact})
  USING INDEX SEEK f:Memory(namespace, id)
  RETURN collect([f, COLLECT {
    MATCH (f)<-[:ASSERTS]-(c:Claim)
    WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
    RETURN DISTINCT c.episode AS id ORDER BY id DESC LIMIT $behind
  }]) AS stated
}
CALL (stated, heard) {
  UNWIND stated AS one
  UNWIND one[1] AS id
  WITH DISTINCT id
  WHERE NOT id IN heard
  MATCH (e:Memory {namespace: $namespace, id: id})
  USING INDEX SEEK e:Memory(namespace, id)
  RETURN collect(e) AS beside
}
CALL (turns) {
  UNWIND turns AS e
  WITH e.session AS session, e.occurred_at AS moment, collect(e.id) AS asked
  WITH asked, CASE WHEN session IS NULL THEN COLLECT {
      MATCH (p:Episode {namespace: $namespace})
      USING INDEX SEEK p:Episode(namespace, occurred_at)
      WHERE p.session IS NULL AND p.occurred_at < moment
      RETURN p ORDER BY p.occurred_at DESC, p.id DESC LIMIT 16
    } ELSE COLLECT {
      MATCH (p:Episode {namespace: $namespace, session: session})
      USING INDEX SEEK p:Episode(namespace, session, occurred_at)
      WHERE p.occurred_at < moment
      RETURN p ORDER BY p.occurred_at DESC, p.id DESC LIMIT 16
    } END AS earlier, CASE WHEN session IS NULL THEN COLLECT {
      MATCH (p:Episode {namespace: $namespace, occurred_at: moment})
      USING INDEX SEEK p:Episode(namespace, occurred_at)
      WHERE p.session IS NULL
      RETURN p ORDER BY p.id
    } ELSE COLLECT {
      MATCH (p:Episode {namespace: $namespace, session: session, occurred_at: moment})
      USING INDEX SEEK p:Episode(namespace, session, occurred_at)
      RETURN p ORDER BY p.id
    } END AS then, CASE WHEN session IS NULL THEN COLLECT {
      MATCH (p:Episode {namespace: $namespace})
      USING INDEX SEEK p:Episode(namespace, occurred_at)
      WHERE p.session IS NULL AND p.occurred_at > moment
      RETURN p ORDER BY p.occurred_at, p.id LIMIT 16
    } ELSE COLLECT {
      MATCH (p:Episode {namespace: $namespace, session: session})
      USING INDEX SEEK p:Episode(namespace, session, occurred_at)
      WHERE p.occurred_at > moment
      RETURN p ORDER BY p.occurred_at, p.id LIMIT 16
    } END AS later
  WITH asked, reverse(earlier) + then + later AS line
  UNWIND range(0, size(line) - 1) AS place
  WITH asked, line, place, line[place].id AS id
  WHERE id IN asked
  RETURN collect([id,
    [p IN reverse(line[CASE WHEN place > 16 THEN place - 16 ELSE 0 END..place]) WHERE p.rendered = 0][..$reach],
    [p IN line[place + 1..place + 17] WHERE p.rendered = 0][..$reach]]) AS lines
}
CALL (lines, turns, beside) {
  UNWIND lines AS one
  UNWIND one[1] + one[2] AS e
  WITH DISTINCT e
  WHERE NOT e IN turns AND NOT e IN beside
  RETURN collect(e) AS neighbours
}
WITH *, turns + beside + neighbours AS spoken
CALL (spoken) {
  UNWIND spoken AS e
  WITH e
  WHERE EXISTS { MATCH (e)<-[:FROM]-(c:Claim) WHERE c.recorded_at <= $known }
  RETURN collect(e.id) AS stating
}
CALL (ring, further, stated, spoken) {
  WITH [one IN ring + further | one[1]] + [one IN stated | one[0]] + spoken AS all
  UNWIND CASE WHEN $sieved THEN all ELSE [] END AS x
  WITH DISTINCT x
  RETURN collect([x,
      (x:Fact AND ($predicate IS NULL OR x.predicate = $predicate)
        AND EXISTS {
          MATCH (x)-[h:HELD]->()
          WHERE h.system_from <= $known AND (h.system_to IS NULL OR h.system_to > $known)
            AND (h.valid_from <= $at OR h.valid_from <= $to)
            AND (h.valid_to IS NULL OR h.valid_to > $at)
            AND h.valid_from < $until AND (h.valid_to IS NULL OR h.valid_to > $since)
        }
        AND ($entity_kind IS NULL OR EXISTS {
          MATCH (x)-[:SUBJECT|OBJECT]->(s:Entity) WHERE s.kind = $entity_kind
        })
        AND (($session IS NULL AND $speaker IS NULL) OR EXISTS {
          MATCH (x)<-[:ASSERTS]-(c:Claim)-[:FROM]->(e:Episode)
          WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
            AND ($session IS NULL OR e.session = $session) AND ($speaker IS NULL OR e.speaker = $speaker)
        }))
      OR (x:Episode AND x.rendered = 0 AND x.recorded_at <= $known
        AND (x.replaced_by IS NULL OR ($former AND EXISTS {
          MATCH (b:Memory {namespace: $namespace, id: x.replaced_by})
          USING INDEX SEEK b:Memory(namespace, id)
          WHERE b.recorded_at > $known
        }))
        AND x.occurred_at <= $occurred AND x.occurred_at >= $since AND x.occurred_at < $until
        AND ($session IS NULL OR x.session = $session) AND ($speaker IS NULL OR x.speaker = $speaker)
        AND (($predicate IS NULL AND $entity_kind IS NULL) OR EXISTS {
          MATCH (x)<-[:FROM]-(c:Claim)-[:ASSERTS]->(f:Fact)
          WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
            AND ($predicate IS NULL OR f.predicate = $predicate)
            AND ($entity_kind IS NULL OR EXISTS {
              MATCH (f)-[:SUBJECT|OBJECT]->(s:Entity) WHERE s.kind = $entity_kind
            })
        }))]) AS asked
}
CALL (rested, stated, against) {
  CALL (rested, stated, against) {
    UNWIND [one IN rested + stated | one[0]] + against AS f
    RETURN f
    UNION
    UNWIND [one IN rested + stated | one[0]] + against AS before
    MATCH (before)-[h:HELD]->()
    WHERE h.system_from <= $known AND (h.system_to IS NULL OR h.system_to > $known) AND h.successor IS NOT NULL
    MATCH (f:Memory {namespace: $namespace, id: h.successor})
    USING INDEX SEEK f:Memory(namespace, id)
    RETURN f
  }
  MATCH (s)<-[:SUBJECT]-(f)-[:OBJECT]->(o)
  RETURN collect([f.id, f.subject, f.predicate, f.object, f.holds_to, f.support, f.indexed, f.moved_to, f.rejected,
    f.recorded_at, COLLECT {
      MATCH (f)-[h:HELD]->() WHERE h.system_from <= $known AND (h.system_to IS NULL OR h.system_to > $known)
      RETURN [h.valid_from, h.valid_to, h.successor, h.system_from]
    }]) AS facts,
    collect(DISTINCT s) AS subjects, collect(DISTINCT o) AS objects
}
CALL (facts) {
  UNWIND CASE WHEN $former THEN facts ELSE [] END AS one
  MATCH (it:Memory {namespace: $namespace, id: one[0]})<-[:ASSERTS]-(c:Claim)
  USING INDEX SEEK it:Memory(namespace, id)
  WHERE c.recorded_at <= $known AND (c.retracted_at IS NULL OR c.retracted_at > $known)
  WITH one[0] AS id, count(DISTINCT c.episode) AS behind
  RETURN collect([id, behind]) AS support
}
CALL (facts, neighbours, support) {
  WITH size(facts) + size(support) + size(neighbours) AS read
  MATCH (m:Namespace {path: $namespace})
  WHERE read >= 0
  RETURN m.seq AS ended, timestamp() - coalesce(m.touched, 0) AS age
}
WITH *, reduce(kept = {left: $room, first: []}, e IN rendered
  | CASE WHEN size(e.text) <= kept.left THEN {left: kept.left - size(e.text), first: kept.first + e} ELSE kept END
).first AS worded
RETURN n {.*, began: began, ended: ended, age: age} AS space, definitions,
  [t IN stones | properties(t)] AS stones,
  [one IN named | [one[0], properties(one[1])]] AS named,
  [one IN texts | [one[0].id, one[2], CASE one[1] WHEN 't' THEN one[0].occurred_at END]] AS texts, cut,
  [one IN near | [one[1], one[0].id, one[2]]] AS near, [one IN ring | [one[0], one[1].id]] AS ring,
  [one IN further | [one[0], one[1].id]] AS far, beyond AS nodes,
  [one IN rested + stated | [one[0].id, one[1]]] AS rest, [one IN read | [c IN one[1] | properties(c)]] AS told,
  [e IN spoken + worded | e {.id, .text, .speaker, .role, .session,
    .occurred_at, .utc_offset, .recorded_at, .source_id, .metadata, .identity, .replaced_by, .rendered, .redacted,
    .actor, .mark}] AS said,
  [[e IN rendered | e.id], stating] AS sort,
  [one IN lines | [one[0], [e IN one[1] | e.id], [e IN one[2] | e.id]]] AS turns,
  facts, support AS stood,
  [e IN subjects + objects | [e.id, e.name, e.kind, e.merged, e.aliases, e.recorded_at]] AS ends,
  [[one IN looked WHERE $sieved AND one[3] | one[0].id] + [one IN asked WHERE one[1] | one[0].id],
   [one IN looked WHERE NOT coalesce(one[3], false) | one[0].id]
    + [one IN asked WHERE NOT coalesce(one[1], false) | one[0].id]] AS sieved
