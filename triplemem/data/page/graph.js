// The drawing: force-graph lays out and handles the pointer, this file says what shows and how it looks.

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const MANY = 300;
const LABELS = 160;

/** Draws `model` in `element`; `see()` is what shows now, `choose(item)` is called on a click, `settled()` when it is laid out. */
function drawGraph(element, see, choose, settled) {
  const shown = { facts: new Set(), entities: new Set(), near: null, hover: null };
  const large = model.drawn.length > MANY;
  let fitting = true;
  let rested = false; // while a large graph is laid out it is drawn without arrows and labels, so that no frame is long
  bend(model.facts);
  const graph = new ForceGraph(element)
    .nodeLabel((entity) => tip(entity.name, entity.kind ?? ""))
    .linkLabel((fact) => tip(fact.text, fact.periods.map((period) => span(period, see().at)).join(", ")))
    .nodeRelSize(4.5)
    .nodeVal((entity) => 1 + Math.min(entity.facts.length, 40) / 5)
    .nodeColor((entity) => (dim(entity) ? faint(kindColour(entity.kind)) : kindColour(entity.kind)))
    .nodeVisibility((entity) => shown.entities.has(entity))
    .linkVisibility((fact) => shown.facts.has(fact))
    .linkColor(lineColour)
    .linkWidth((fact) => (fact === see().chosen || fact === shown.hover ? 2.6 : large ? 0.9 : 1.4))
    .linkLineDash((fact) => (holds(fact, see().at) ? null : DASH))
    .linkCurvature("bend")
    .linkDirectionalArrowLength(() => (large && !rested ? 0 : large ? 4 : 6))
    .linkDirectionalArrowRelPos(1)
    .linkHoverPrecision(6)
    .onNodeClick(choose)
    .onLinkClick(choose)
    .onBackgroundClick(() => choose(null))
    .onNodeHover(hover)
    .onLinkHover(hover)
    .onRenderFramePost(paintOver)
    .minZoom(0.02)
    .maxZoom(12)
    .warmupTicks(large ? 0 : 150)
    .d3AlphaMin(0.002)
    .d3AlphaDecay(large ? 0.035 : 0.025)
    .cooldownTime(60000)
    .onEngineTick(follow)
    .onEngineStop(rest)
    .enablePointerInteraction(!large);
  graph.d3Force("charge").strength(large ? -60 : -190).distanceMax(large ? 400 : 700);
  graph.d3Force("link").distance(large ? 38 : 95);
  graph.d3Force("center", null);
  graph.d3Force("together", together);
  resize();
  graph.graphData({ nodes: model.drawn, links: model.facts });
  new ResizeObserver(resize).observe(element);
  for (const kind of ["wheel", "pointerdown"])
    element.addEventListener(kind, () => (fitting = false), { capture: true, passive: true });

  /** Keeps what is not connected from drifting apart. */
  function together(alpha) {
    for (const one of model.drawn) {
      one.vx -= one.x * 0.05 * alpha;
      one.vy -= one.y * 0.08 * alpha;
    }
  }

  function hover(item) {
    shown.hover = item;
    repaint();
  }

  function rest() {
    rested = true;
    graph.enablePointerInteraction(true);
    if (fitting) fit(300);
    repaint();
    settled();
  }

  function resize() {
    const { width, height } = element.getBoundingClientRect();
    graph.width(Math.max(width, 50)).height(Math.max(height, 50));
    if (fitting) fit(0);
  }

  let followed = 0;
  function follow() {
    if (fitting && performance.now() - followed > 250) {
      followed = performance.now();
      fit(0);
    }
  }

  function fit(duration) {
    const box = graph.getGraphBbox((entity) => shown.entities.has(entity) && entity.x !== undefined);
    if (!box) return;
    const room = [graph.width() - 130, graph.height() - 120];
    const zoom = Math.min(room[0] / (box.x[1] - box.x[0]), room[1] / (box.y[1] - box.y[0]), 2);
    const lift = 14 / Math.max(zoom, 0.03); // the legend lies along the lower side
    graph.centerAt((box.x[0] + box.x[1]) / 2, (box.y[0] + box.y[1]) / 2 + lift, duration).zoom(Math.max(zoom, 0.03), duration);
  }

  function dim(item) {
    return shown.near !== null && !shown.near.has(item);
  }

  function lineColour(fact) {
    if (fact === see().chosen || fact === shown.hover) return colours.accent;
    const colour = holds(fact, see().at) ? colours.edge : colours.gone;
    return dim(fact) ? faint(colour) : large && shown.near === null ? `${colour}a0` : colour;
  }

  /** Rings and labels, in pixels of the screen over what was drawn. */
  function paintOver(context, scale) {
    const ratio = window.devicePixelRatio;
    if (large && !rested) return;
    context.save();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.textAlign = "center";
    context.textBaseline = "middle";
    const room = new Labels(graph.width(), graph.height());
    const nodes = [...shown.entities].sort((a, b) => weight(b) - weight(a));
    const spots = new Map(nodes.map((entity) => [entity, graph.graph2ScreenCoords(entity.x, entity.y)]));
    for (const [entity, { x, y }] of spots) {
      const radius = radiusOf(entity) * scale;
      if (radius > 3 && (!large || scale > 1.5)) room.take([x, y, 1.6 * radius, 1.6 * radius]);
      if (entity === see().chosen) ring(context, x, y, radius);
    }
    nameNodes(context, spots, room, scale);
    nameEdges(context, spots, room, scale);
    context.restore();
  }

  function weight(entity) {
    const first = entity === see().chosen || entity === shown.hover ? 1e6 : 0;
    return first + (shown.near?.has(entity) ? 1e3 : 0) + entity.facts.length;
  }

  function nameNodes(context, spots, room, scale) {
    context.font = `600 12px ${FONT}`;
    let left = LABELS;
    for (const [entity, { x, y }] of spots) {
      if (left === 0) break;
      if (dim(entity)) continue;
      const name = clipped(entity.name);
      const below = y + radiusOf(entity) * scale + 9;
      if (!room.take([x, below, widthOf(context, name) + 6, 14])) continue;
      write(context, name, x, below, colours.ink);
      left -= 1;
    }
  }

  function nameEdges(context, spots, room, scale) {
    if (large && scale < 1.2 && shown.near === null) return;
    context.font = `11px ${FONT}`;
    let left = LABELS;
    for (const fact of shown.facts) {
      if (left === 0) break;
      const [from, to] = [spots.get(fact.subject), spots.get(fact.object)];
      if (!from || !to || dim(fact)) continue;
      const name = clipped(fact.predicate.replaceAll("_", " "));
      const length = Math.hypot(to.x - from.x, to.y - from.y) - (radiusOf(fact.subject) + radiusOf(fact.object)) * scale;
      const width = widthOf(context, name);
      const marked = fact === see().chosen || fact === shown.hover;
      if (length < width + 4 && !marked && fact.subject !== fact.object) continue;
      let angle = Math.atan2(to.y - from.y, to.x - from.x);
      if (Math.abs(angle) > Math.PI / 2) angle += Math.PI;
      const middle = screenOf(fact);
      const aside = SHIFTS.map((share) => ({ x: middle.x + share * (to.x - from.x), y: middle.y + share * (to.y - from.y) }));
      const free = aside.find(({ x, y }) => room.take(...boxesAlong(x, y, width, angle)));
      if (!free && !marked) continue;
      const { x, y } = free ?? middle;
      context.save();
      context.translate(x, y);
      context.rotate(angle);
      context.fillStyle = colours.halo;
      context.fillRect(-width / 2 - 2, -6, width + 4, 12);
      context.fillStyle = marked ? colours.accent : colours.soft;
      context.fillText(name, 0, 0);
      context.restore();
      left -= 1;
    }
  }

  function ring(context, x, y, radius) {
    context.beginPath();
    context.arc(x, y, radius + 3, 0, 2 * Math.PI);
    context.lineWidth = 2.5;
    context.strokeStyle = colours.accent;
    context.stroke();
  }

  function radiusOf(entity) {
    return Math.sqrt(graph.nodeVal()(entity)) * graph.nodeRelSize();
  }

  /** Where an entity, or the middle of a fact's edge, is within the element. */
  function screenOf(item) {
    if (item.subject === undefined) return graph.graph2ScreenCoords(item.x, item.y);
    const [a, b] = [item.subject, item.object];
    const [x, y] = [(a.x + b.x) / 2, (a.y + b.y) / 2];
    if (a === b) return graph.graph2ScreenCoords(a.x + 18 * item.bend, a.y - 18 * item.bend);
    return graph.graph2ScreenCoords(x + ((b.y - a.y) * item.bend) / 2, y - ((b.x - a.x) * item.bend) / 2);
  }

  /** What shows has changed: the time, the switch, or what is chosen. */
  function update() {
    const { at, ended, chosen } = see();
    shown.facts = new Set(model.facts.filter((fact) => ended || fact === chosen || holds(fact, at)));
    shown.entities = new Set([...shown.facts].flatMap((fact) => [fact.subject, fact.object]));
    if (chosen?.facts) shown.entities.add(chosen);
    shown.near = chosen ? neighbourhood(chosen) : null;
    repaint();
  }

  /** An entity with its facts; a fact with those that its two ends are in. */
  function neighbourhood(chosen) {
    const facts = chosen.facts ?? [...chosen.subject.facts, ...chosen.object.facts];
    return new Set([chosen, ...facts, ...facts.flatMap((fact) => [fact.subject, fact.object])]);
  }

  function repaint() {
    graph.nodeVisibility(graph.nodeVisibility());
  }

  function zoomBy(factor) {
    fitting = false;
    graph.zoom(graph.zoom() * factor, 150);
  }

  function moveBy(x, y) {
    fitting = false;
    const centre = graph.centerAt();
    graph.centerAt(centre.x + x / graph.zoom(), centre.y + y / graph.zoom());
  }

  /** Brings an item into sight if it is out of it. */
  function reveal(item) {
    const { x, y } = screenOf(item);
    if (x > 40 && y > 40 && x < graph.width() - 40 && y < graph.height() - 40) return;
    fitting = false;
    const middle = graph.screen2GraphCoords(x, y);
    graph.centerAt(middle.x, middle.y, 300);
  }

  return {
    update, repaint, zoomBy, moveBy, reveal, screenOf, shown,
    fit: () => { fitting = true; fit(250); },
  };
}

const DASH = [4, 3];
const SHIFTS = [0, -0.1, 0.1]; // where along its edge a label may stand

/** Facts between the same two entities bend apart; a fact of an entity with itself is a loop. */
function bend(facts) {
  const pairs = new Map();
  for (const fact of facts) {
    const key = [fact.source, fact.target].sort().join(" ");
    if (!pairs.has(key)) pairs.set(key, []);
    pairs.get(key).push(fact);
  }
  for (const group of pairs.values())
    group.forEach((fact, place) => {
      const way = fact.source < fact.target ? 1 : -1;
      fact.bend = fact.source === fact.target ? 0.4 + 0.25 * place : way * (place - (group.length - 1) / 2) * 0.28;
    });
}

function tip(first, second) {
  const box = document.createElement("div");
  box.className = "tip";
  box.append(make("div", {}, first), make("div", {}, second));
  return box;
}
