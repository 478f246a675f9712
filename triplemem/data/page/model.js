// What the page knows, and pure questions about it: states, what shows when, what a search finds.
"use strict";

const DAY = 86400000;
const model = readModel(JSON.parse(document.getElementById("data").textContent));

/** The embedded data as entities and facts that point at each other; `facts` are drawn, `told` also has their neighbours. */
function readModel(data) {
  const entities = new Map();
  for (const [id, one] of Object.entries(data.entities)) entities.set(id, { id, ...one, facts: [] });
  const told = new Map();
  for (const [id, one] of Object.entries(data.facts)) {
    const ends = { subject: entities.get(one.subject), object: entities.get(one.object) };
    told.set(id, { id, ...one, ...ends, before: [], source: one.subject, target: one.object });
  }
  const facts = [...told.values()].filter((fact) => !fact.beside);
  for (const fact of facts) for (const end of new Set([fact.subject, fact.object])) end.facts.push(fact);
  for (const fact of told.values())
    for (const next of new Set(fact.periods.map((period) => period.next)))
      if (told.has(next)) told.get(next).before.push(fact);
  const drawn = [...entities.values()].filter((entity) => entity.facts.length);
  return { data, entities, facts, told, drawn, kinds: kindsOf(drawn), stops: stopsOf(facts, data) };
}

/** The kinds of entities, the most frequent first; of no kind comes last. */
function kindsOf(entities) {
  const counts = new Map();
  for (const { kind } of entities) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].sort((a, b) => (a[0] === null) - (b[0] === null) || b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/** Every instant at which something begins or ends, now, and where the page opens; in order. */
function stopsOf(facts, data) {
  const found = new Set([data.now, data.asOf]);
  for (const fact of facts)
    for (const period of fact.periods) {
      if (period.from !== null) found.add(period.from);
      if (period.to !== null) found.add(period.to);
    }
  return [...found].sort((a, b) => a - b);
}

/** Does the period cover the instant? One of unknown start covers none. */
function covers(period, at) {
  return period.from !== null && period.from <= at && (period.to === null || at < period.to);
}

function holds(fact, at) {
  return fact.periods.some((period) => covers(period, at));
}

/** "current", "future" or "ended", seen from an instant. */
function stateAt(fact, at) {
  if (holds(fact, at)) return "current";
  return fact.periods.every((period) => period.from !== null && period.from > at) ? "future" : "ended";
}

/** The period to tell of: the one that covers the instant, else the last that is over, else the first to come. */
function tellingPeriod(fact, at) {
  const over = fact.periods.filter((period) => period.to !== null && period.to <= at);
  return fact.periods.find((period) => covers(period, at)) ?? over.at(-1) ?? fact.periods[0];
}

/** The facts by the start of the period to tell of, backwards; unknown starts come last. */
function latestFirst(facts, at) {
  const starts = new Map(facts.map((fact) => [fact, tellingPeriod(fact, at).from ?? -Infinity]));
  return [...facts].sort((a, b) => (starts.get(a) < starts.get(b) ? 1 : starts.get(a) > starts.get(b) ? -1 : 0));
}

/** How many facts hold from each stop on. */
function curveOf(facts, stops) {
  const index = new Map(stops.map((at, place) => [at, place]));
  const steps = new Array(stops.length + 1).fill(0);
  for (const fact of facts)
    for (const period of fact.periods) {
      if (period.from === null) continue;
      steps[index.get(period.from)] += 1;
      if (period.to !== null) steps[index.get(period.to)] -= 1;
    }
  let sum = 0;
  return stops.map((_, place) => (sum += steps[place]));
}

// --- search ---

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

/** A fact's own words and names, folded; and those with its quotes. Messages are long and shared, so they are apart. */
function wordsOf(fact) {
  if (fact.words === undefined) {
    const names = [fact.subject, fact.object].flatMap((entity) => [entity.name, ...entity.aliases]);
    const own = [fact.text, fact.predicate.replaceAll("_", " "), fact.predicate, ...names];
    const quotes = fact.claims.map((id) => model.data.claims[id].quote ?? "");
    fact.words = [own, [...own, ...quotes]].map((texts) => fold(texts.join("\n")));
  }
  return fact.words;
}

/** The messages, by id, in which a word occurs. */
function messagesWith(word) {
  const found = Object.entries(model.data.episodes).filter(([, episode]) => (episode.words ??= fold(episode.text)).includes(word));
  return new Set(found.map(([id]) => id));
}

/** The entities and facts in which every word of the query occurs, the nearest first: so named, so quoted, so told. */
function search(query) {
  const words = fold(query).split(/\s+/).filter(Boolean);
  const messages = new Map(words.map((word) => [word, messagesWith(word)]));
  const within = (text) => words.every((word) => text.includes(word));
  const told = (fact, word) => fact.words[1].includes(word) || fact.claims.some((id) => messages.get(word).has(model.data.claims[id].episode));
  const rank = (fact) => {
    const place = wordsOf(fact).findIndex(within);
    return place >= 0 ? place : words.every((word) => told(fact, word)) ? 2 : 3;
  };
  const ranks = new Map(model.facts.map((fact) => [fact, rank(fact)]));
  const facts = model.facts.filter((fact) => ranks.get(fact) < 3).sort((a, b) => ranks.get(a) - ranks.get(b));
  const entities = model.drawn.filter((one) => within(fold([one.name, ...one.aliases].join("\n"))));
  return { entities, facts };
}

// --- words for times, all in UTC ---

function day(ms) {
  return new Date(ms).toISOString().slice(0, -14);
}

/** The day, and the minute unless it is midnight. */
function moment(ms) {
  const iso = new Date(ms).toISOString();
  return ms % DAY === 0 ? iso.slice(0, -14) : iso.slice(0, -8).replace("T", " ");
}

function span(period, at, words = day) {
  const { from, to } = period;
  if (from === null) return to === null ? "at some time" : `until ${words(to)}`;
  if (to === null) return `${from <= at ? "since" : "from"} ${words(from)}`;
  if (words(from) === words(to)) return `${moment(from)} – ${moment(to)}`;
  return `${words(from)} – ${words(to)}`;
}
