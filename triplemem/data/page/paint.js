// Colours, and labels that do not lie over each other.

let colours = readColours();

/** The stylesheet's colours, for the canvas; read again when the scheme changes. */
function readColours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ground", "ink", "soft", "accent", "edge", "gone", "halo", "none", ...Array.from({ length: 8 }, (_, n) => `kind${n}`)];
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

const places = new Map(model.kinds.filter(([kind]) => kind !== null).map(([kind], place) => [kind, place]));

function kindColour(kind) {
  const place = places.get(kind);
  return place === undefined || place > 7 ? colours.none : colours[`kind${place}`];
}

const faint = (colour) => `${colour}38`;

/** Places labels on the screen, the most important first; one that would lie over another is left out. */
class Labels {
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.cells = new Map();
  }

  /** Is there room for all of these boxes, each [x, y, width, height] by its middle? If so it is taken. */
  take(...boxes) {
    const asked = boxes.map(([x, y, width, height]) => [x - width / 2, x + width / 2, y - height / 2, y + height / 2]);
    if (!asked.some((box) => this.visible(box)) || asked.some((box) => this.cellsOf(box).some((cell) => this.meets(cell, box)))) return false;
    for (const box of asked)
      for (const cell of this.cellsOf(box)) {
        if (!this.cells.has(cell)) this.cells.set(cell, []);
        this.cells.get(cell).push(box);
      }
    return true;
  }

  visible([left, right, top, bottom]) {
    return right > 0 && bottom > 0 && left < this.width && top < this.height;
  }

  meets(cell, box) {
    return (this.cells.get(cell) ?? []).some((one) => one[0] < box[1] && box[0] < one[1] && one[2] < box[3] && box[2] < one[3]);
  }

  cellsOf([left, right, top, bottom]) {
    const cells = [];
    for (let column = Math.floor(left / 80); column <= Math.floor(right / 80); column++)
      for (let row = Math.floor(top / 20); row <= Math.floor(bottom / 20); row++) cells.push(`${column},${row}`);
    return cells;
  }
}

/** Boxes along a line of text that is turned. */
function boxesAlong(x, y, width, angle) {
  const parts = Math.max(1, Math.round(width / 12));
  return Array.from({ length: parts }, (_, part) => {
    const from = ((part + 0.5) / parts - 0.5) * width;
    return [x + Math.cos(angle) * from, y + Math.sin(angle) * from, 13, 13];
  });
}

const widths = new Map();

function widthOf(context, text) {
  const key = `${context.font}\n${text}`;
  if (!widths.has(key)) widths.set(key, context.measureText(text).width);
  return widths.get(key);
}

/** A name short enough for a label. */
function clipped(text, length = 28) {
  const flat = text.replace(/\s+/gu, " ");
  const letters = Array.from(flat.slice(0, 4 * length));
  return letters.length > length ? `${letters.slice(0, length - 1).join("")}…` : flat;
}

/** Text with a halo of the ground's colour, in pixels of the screen. */
function write(context, text, x, y, colour) {
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = colours.halo;
  context.strokeText(text, x, y);
  context.fillStyle = colour;
  context.fillText(text, x, y);
}
