// The time slider: a stop for every instant at which something begins or ends.

/** Moves through `model.stops`; `move(at)` is called with the new time. */
function clockOf(start, move) {
  const [slider, output, button, ticks, canvas] = ["slider", "date", "play", "ticks", "curve"].map((id) => document.getElementById(id));
  const { stops } = model;
  const curve = curveOf(model.facts, stops);
  let timer = null;
  slider.max = String(stops.length - 1);
  slider.addEventListener("input", () => { stop(); move(stops[Number(slider.value)]); });
  button.addEventListener("click", () => (timer === null ? play() : stop()));
  document.getElementById("now").addEventListener("click", () => { stop(); move(model.data.now); });
  new ResizeObserver(draw).observe(canvas);

  /** The last stop that is not after the time. */
  function placeOf(at) {
    const place = stops.findLastIndex((one) => one <= at);
    return Math.max(place, 0);
  }

  function show(at) {
    slider.value = String(placeOf(at));
    const count = curve[placeOf(at)];
    const note = at === model.data.now ? "now" : at > model.data.now ? "to come" : "";
    slider.setAttribute("aria-valuetext", `${moment(at)}${note ? `, ${note}` : ""}, ${count} facts hold`);
    output.replaceChildren(day(at), make("small", {}, [at % DAY === 0 ? "" : `${moment(at).slice(-5)} UTC`, note].filter(Boolean).join(" · ")));
    draw();
  }

  /** From here to the last stop, in at most half a minute; from the beginning if it stands at the end. */
  function play() {
    let place = Number(slider.value) >= stops.length - 1 ? -1 : Number(slider.value);
    const pace = Math.max(120, Math.min(900, 30000 / stops.length));
    const stride = Math.max(1, Math.round((stops.length * pace) / 30000));
    label("❚❚", "Pause");
    const step = () => {
      place = Math.min(place + stride, stops.length - 1);
      move(stops[place]);
      if (place === stops.length - 1) stop();
    };
    timer = setInterval(step, pace);
    step();
  }

  function stop() {
    clearInterval(timer);
    timer = null;
    label("▶", "Play");
  }

  function label(sign, word) {
    button.textContent = sign;
    button.setAttribute("aria-label", word);
  }

  /** The share of the track at which a stop lies, the thumb's own width set apart. */
  function x(place, width) {
    const thumb = 16;
    return thumb / 2 + (stops.length > 1 ? place / (stops.length - 1) : 0.5) * (width - thumb);
  }

  /** How many facts hold, stop by stop, with a line at now. */
  function draw() {
    const { width, height } = canvas.getBoundingClientRect();
    const ratio = window.devicePixelRatio;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    const most = Math.max(1, ...curve);
    context.beginPath();
    context.moveTo(x(0, width), height);
    curve.forEach((count, place) => {
      context.lineTo(x(place, width), height - (count / most) * (height - 3));
      if (place + 1 < curve.length) context.lineTo(x(place + 1, width), height - (count / most) * (height - 3));
    });
    context.lineTo(x(stops.length - 1, width), height);
    context.fillStyle = faint(colours.accent);
    context.fill();
    context.fillStyle = colours.soft;
    context.fillRect(x(placeOf(model.data.now), width) - 0.5, 0, 1.5, height);
    tick(width);
  }

  function tick(width) {
    const most = Math.max(1, Math.floor(width / 90));
    const every = Math.max(1, Math.ceil((stops.length - 1) / most));
    const marks = [];
    for (let place = 0; place < stops.length; place += every) {
      const [at, last] = [Math.min(Math.max(x(place, width), 32), width - 32), marks.at(-1)];
      if (last && (at - last.at < 76 || day(stops[place]) === last.mark.textContent)) continue;
      const mark = make("span", {}, day(stops[place]));
      mark.style.left = `${at}px`;
      marks.push({ at, mark });
    }
    ticks.replaceChildren(...marks.map(({ mark }) => mark));
  }

  return { show, draw, stop };
}
