// The page: what shows now, and how the parts tell each other.

// The graph library may empty an element and do no more: markup made of text is an error here.
globalThis.trustedTypes?.createPolicy("default", {
  createHTML: (text) => (text === "" ? "" : null),
  createScript: () => null,
  createScriptURL: () => null,
});

const now = { at: model.data.asOf, ended: model.data.includeEnded, chosen: null, query: "" };
const box = document.getElementById("search");
const ended = document.getElementById("ended");
const stage = document.getElementById("graph");
let settled = model.drawn.length === 0;
const graph = drawGraph(stage, () => now, choose, () => (settled = true));
const panel = panelOf(() => now, choose);
const clock = clockOf(now.at, (at) => set({ at }));

ended.checked = now.ended;
ended.addEventListener("change", () => set({ ended: ended.checked }));
box.addEventListener("input", () => set({ query: box.value, chosen: null }));
document.getElementById("closer").addEventListener("click", () => graph.zoomBy(1.4));
document.getElementById("farther").addEventListener("click", () => graph.zoomBy(1 / 1.4));
document.getElementById("fit").addEventListener("click", () => graph.fit());
document.getElementById("title").textContent = model.data.namespace;
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { colours = readColours(); legend(); set({}); });
stage.addEventListener("keydown", steer);
document.addEventListener("keydown", shortcut);
legend();
set({});

function set(change) {
  Object.assign(now, change);
  graph.update();
  panel.update(now.query);
  clock.show(now.at);
  const holding = model.facts.reduce((sum, fact) => sum + (holds(fact, now.at) ? 1 : 0), 0);
  const believed = model.data.knownAt === null ? "" : `, as believed on ${day(model.data.knownAt)}`;
  document.getElementById("counts").textContent = `${holding} of ${model.facts.length} facts hold${believed}`;
  document.getElementById("empty").hidden = graph.shown.facts.size > 0;
}

/** Show a fact or an entity in full, or with null the list again. */
function choose(item) {
  set({ chosen: item });
  if (item === null) return;
  graph.reveal(item);
  panel.detail.scrollTop = 0;
  panel.detail.focus({ preventScroll: true });
}

function legend() {
  const items = model.kinds.map(([kind, count]) => make("li", {}, make("i", { colour: kindColour(kind) }), kind ?? "of no kind", make("b", {}, String(count))));
  items.push(make("li", {}, make("i", { class: "line" }), "does not hold"));
  document.getElementById("legend").replaceChildren(...items);
}

function steer(event) {
  const moves = { ArrowLeft: [-60, 0], ArrowRight: [60, 0], ArrowUp: [0, -60], ArrowDown: [0, 60] };
  if (moves[event.key]) graph.moveBy(...moves[event.key]);
  else if (event.key === "+" || event.key === "=") graph.zoomBy(1.4);
  else if (event.key === "-") graph.zoomBy(1 / 1.4);
  else if (event.key === "0") graph.fit();
  else return;
  event.preventDefault();
}

function shortcut(event) {
  if (event.key === "/" && document.activeElement !== box) {
    event.preventDefault();
    box.focus();
  } else if (event.key === "Escape" && now.chosen !== null) choose(null);
}

/** For tests and the console. Ids are those of `triplemem facts` and `triplemem entities`. */
window.triplemem = {
  facts: () => model.facts.map((fact) => fact.id),
  /** The facts, and the entities, that are drawn now. */
  shown: () => ({ facts: [...graph.shown.facts].map((fact) => fact.id), entities: [...graph.shown.entities].map((entity) => entity.id) }),
  /** The time that the slider stands at, as ISO 8601. */
  time: () => new Date(now.at).toISOString(),
  /** Whether the layout has come to rest. */
  settled: () => settled,
  /** Show a fact or an entity, by its id, in the panel. */
  choose: (id) => choose(model.told.get(id) ?? model.entities.get(id) ?? null),
  /** Where an entity, or the middle of a fact's edge, is in the window, in pixels. */
  place: (id) => {
    const { left, top } = stage.getBoundingClientRect();
    const { x, y } = graph.screenOf(model.told.get(id) ?? model.entities.get(id));
    return { x: x + left, y: y + top };
  },
};
