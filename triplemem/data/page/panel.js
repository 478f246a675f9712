// The panel beside the graph: the list, and one fact or entity in full. All remembered text is set as text.

const MOST = 200;

/** An element with properties and children; strings become text. */
function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key === "onclick") element.addEventListener("click", value);
    else if (key === "class") element.className = value;
    else if (key === "colour") element.style.background = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/** Shows lists and details; `see()` is what shows now, `choose(item)` is called on a click. */
function panelOf(see, choose) {
  const [list, detail] = ["list", "detail"].map((id) => document.getElementById(id));

  function update(query) {
    const { chosen } = see();
    list.hidden = chosen !== null;
    detail.hidden = chosen === null;
    if (chosen === null) list.replaceChildren(...(query.trim() ? found(query) : holding()));
    else detail.replaceChildren(backRow(), ...(chosen.facts ? entityParts(chosen) : factParts(chosen)));
  }

  // --- the list ---

  function holding() {
    const { at, ended } = see();
    const facts = model.facts.filter((fact) => ended || holds(fact, at));
    const title = ended ? "All facts, the latest first" : `Holds on ${day(at)}, the latest first`;
    return [make("h3", {}, title), rows(latestFirst(facts, at), "Nothing holds at this time.")];
  }

  function found(query) {
    const { entities, facts } = search(query);
    const people = entities.slice(0, 20).map((entity) => make("li", {}, entityRow(entity)));
    return [
      ...(people.length ? [make("h3", {}, `Named so (${entities.length})`), make("ul", {}, ...people)] : []),
      make("h3", {}, `Facts (${facts.length})`),
      rows(facts, "Nothing found."),
    ];
  }

  function rows(facts, nothing) {
    if (!facts.length) return make("p", { class: "quiet" }, nothing);
    const items = facts.slice(0, MOST).map((fact) => make("li", {}, factRow(fact)));
    if (facts.length > MOST) items.push(make("li", { class: "quiet" }, `… and ${facts.length - MOST} more: search for them`));
    return make("ul", {}, ...items);
  }

  function factRow(fact) {
    const { at } = see();
    const over = holds(fact, at) ? "" : " over";
    const when = make("small", {}, span(tellingPeriod(fact, at), at));
    return make("button", { type: "button", class: `row${over}`, "data-fact": fact.id, onclick: () => choose(fact) }, make("span", {}, fact.text), when);
  }

  function entityRow(entity) {
    const count = `${entity.facts.length} fact${entity.facts.length === 1 ? "" : "s"}`;
    return make(
      "button",
      { type: "button", class: "row", "data-entity": entity.id, onclick: () => choose(entity) },
      make("i", { colour: kindColour(entity.kind) }), make("span", {}, entity.name), make("small", {}, count),
    );
  }

  function backRow() {
    return make("button", { type: "button", class: "back", onclick: () => choose(null) }, "← All facts");
  }

  // --- an entity ---

  function entityParts(entity) {
    const { at } = see();
    const now = entity.facts.filter((fact) => holds(fact, at));
    const other = entity.facts.filter((fact) => !holds(fact, at));
    return [
      make("h2", {}, entity.name),
      make("p", { class: "quiet" }, [entity.kind, entity.aliases.length ? `also ${entity.aliases.join(", ")}` : ""].filter(Boolean).join(" · ")),
      make("h3", {}, `Holds on ${day(at)}`),
      rows(latestFirst(now, at), "Nothing."),
      ...(other.length ? [make("h3", {}, "At other times"), rows(latestFirst(other, at), "")] : []),
      make("p", {}, make("code", {}, entity.id)),
    ];
  }

  // --- a fact ---

  function factParts(fact) {
    const { at } = see();
    const state = stateAt(fact, at);
    const words = { current: "holds", ended: "does not hold", future: "not yet" }[state];
    return [
      make("h2", {}, fact.text),
      make("p", {}, make("span", { class: `badge ${state}` }, words), make("span", { class: "quiet" }, ` on ${moment(at)}`)),
      make("p", {}, entityLink(fact.subject), ` ${fact.predicate.replaceAll("_", " ")} `, entityLink(fact.object)),
      make("h3", {}, "When"),
      make("ul", { class: "periods" }, ...fact.periods.map((period) => make("li", { class: covers(period, at) ? "here" : "" }, span(period, at, moment)))),
      make("h3", {}, `Evidence (${fact.claims.length})`),
      ...fact.claims.map(claimPart),
      ...historyParts(fact),
      make("p", {}, make("code", {}, fact.namespace === model.data.namespace ? fact.id : `${fact.id} of ${fact.namespace}`)),
    ];
  }

  function entityLink(entity) {
    return make("button", { type: "button", class: "link", onclick: () => choose(entity) }, entity.name);
  }

  function claimPart(id) {
    const claim = model.data.claims[id];
    const episode = model.data.episodes[claim.episode];
    const said = claim.quote ?? claim.said.join(" ").replaceAll("_", " ");
    const whole = said === episode.text.trim();
    const notes = [claim.ended ? "said that it is over" : "", claim.retractedAt === null ? "" : `taken back on ${day(claim.retractedAt)}`];
    return make(
      "div",
      { class: `claim${claim.retractedAt === null ? "" : " gone"}`, "data-claim": id },
      make("blockquote", {}, said),
      make("p", {}, [who(episode), moment(episode.at), episode.session ?? "", ...notes].filter(Boolean).join(" · ")),
      whole ? null : messagePart(episode, claim.span),
    );
  }

  function who(episode) {
    return episode.speaker ?? episode.role;
  }

  /** The message verbatim, the quote marked; spans count code points. It is built when somebody opens it. */
  function messagePart(episode, place) {
    const part = make("details", {}, make("summary", {}, "The whole message"));
    part.addEventListener("toggle", () => {
      if (part.children.length > 1) return;
      const letters = Array.from(episode.text);
      const [start, end] = place ?? [0, 0];
      const cut = (from, to) => letters.slice(from, to).join("");
      part.append(make("pre", { class: "message" }, cut(0, start), start < end ? make("mark", {}, cut(start, end)) : null, cut(end)));
    }, { once: true });
    return part;
  }

  function historyParts(fact) {
    const after = [...new Set(fact.periods.map((period) => period.next))].filter((id) => model.told.has(id)).map((id) => model.told.get(id));
    const endedBy = fact.endedBy.filter((id) => !fact.claims.includes(id) || model.data.claims[id].ended);
    const parts = [
      ...related("Came in place of", fact.before),
      ...related("Then came", after),
      ...(endedBy.length ? [make("h3", {}, "Ended by what was said"), ...endedBy.map(claimPart)] : []),
      ...fact.ends.map(endPart),
    ];
    return parts.length ? parts : [];
  }

  function related(title, facts) {
    if (!facts.length) return [];
    return [make("h3", {}, title), make("ul", {}, ...facts.map((one) => make("li", {}, one.beside ? make("span", { class: "row" }, one.text) : factRow(one))))];
  }

  function endPart(end) {
    const title = end.kind === "end" ? "Ended" : "Taken back by a message";
    const episode = model.data.episodes[end.episode];
    const notes = [end.at === null ? "" : `as of ${moment(end.at)}`, `said ${moment(end.saidAt)}`, episode ? who(episode) : end.actor];
    if (end.retractedAt !== null) notes.push(`taken back on ${day(end.retractedAt)}`);
    return make(
      "div", {}, make("h3", {}, title),
      make(
        "div", { class: `claim${end.retractedAt === null ? "" : " gone"}` },
        make("blockquote", {}, end.reason ?? episode?.text ?? "No reason was given."),
        make("p", {}, notes.filter(Boolean).join(" · ")),
      ),
    );
  }

  return { update, detail };
}
