// A chart in plotly's own words, drawn by ourselves in one SVG: bars, dots, lines, grids of values, frames and notes.
// It knows only the words that our figures use (pages/_kit/plot.py says which), and so answers in a few milliseconds.
// The page brings this once; every chart.js waits here for it.
export default function () { globalThis.foveaCharts.bring(drawn); }

globalThis.foveaCharts ??= {};
globalThis.foveaCharts.drawn ??= new Promise((bring) => { globalThis.foveaCharts.bring = bring; });

function drawn({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".plot");
  const now = JSON.stringify(data);
  if (root.now === now) return; // the page was drawn anew, this chart did not change
  root.now = now;
  root.draw = () => {
    root.wide = root.clientWidth;
    if (root.wide) new Plot(root, data).draw();
  };
  root.choose = (found) => setTriggerValue("pick", { name: found.trace.name, point: found.place });
  root.draw();
  if (document.fonts.status === "loading") document.fonts.ready.then(() => { WIDTHS.clear(); root.draw(); }); // words are as wide as their font
  root.watch ??= new ResizeObserver(() => { if (root.clientWidth !== root.wide) root.draw(); });
  root.watch.observe(root);
}

// --- the chart --------------------------------------------------------------------------------------------------
class Plot extends Marks {
  constructor(root, { figure, alt, picks }) {
    super();
    Object.assign(this, { root, alt, picks, pictures: [], layout: figure.layout, hot: [], defs: [], hatches: new Map() });
    this.font = getComputedStyle(root).fontFamily;
    this.traces = figure.data.map((trace, place) => ({ colour: COLOURS[place % COLOURS.length], ...trace }));
    this.axes = {};
    const ids = (letter) => new Set(this.traces.map((trace) => trace[`${letter}axis`] ?? letter));
    for (const letter of "xy") for (const id of ids(letter)) this.axes[id] = new Axis(this, letter, id);
    this.bars();
    for (const axis of Object.values(this.axes)) axis.settle();
  }

  width(text, size = 12) {
    const name = `${size} ${text}`;
    if (!WIDTHS.has(name)) WIDTHS.set(name, Math.max(...pieces(text).map((line) => line.reduce((sum, { text: part, bold }) => {
      pen.font = `${bold ? 700 : 400} ${size}px ${this.font}`;
      return sum + pen.measureText(part).width;
    }, 0)), 0));
    return WIDTHS.get(name);
  }

  // Words at a pixel; `across` is start, middle or end, `up` is top, middle or bottom of all lines.
  words(text, x, y, { size = 12, colour = TEXT, across = "middle", up = "middle", turn } = {}) {
    const lines = pieces(text), high = lines.length * size * LINE;
    const first = y + { top: 0, middle: -high / 2, bottom: -high }[up] + size * (LINE / 2 + 0.36);
    const inside = lines.map((line, place) => tag("tspan", { x: round(x), y: round(first + place * size * LINE) },
      line.map(({ text: part, bold }) => (bold ? `<tspan font-weight="700">${escape(part)}</tspan>` : escape(part))).join(""))).join("");
    return tag("text", { "font-size": size, fill: colour, "text-anchor": across, transform: turn && `rotate(${turn} ${round(x)} ${round(y)})` }, inside);
  }

  frame() { // the room for the words around the axes, and so the pixels of the drawing itself
    const given = { l: 40, r: 20, t: 20, b: 40, ...this.layout.margin };
    this.full = { wide: this.root.clientWidth, high: this.layout.height ?? 320 };
    Object.assign(this, { left: given.l, top: given.t, wide: this.full.wide - given.l - given.r, high: this.full.high - given.t - given.b });
    const axes = Object.values(this.axes).filter((axis) => axis.visible);
    for (let turn = 0; turn < 3; turn++) {
      let [l, r, t, b] = [given.l, given.r, given.t, given.b];
      for (const axis of axes) {
        const ticks = axis.given.showticklabels === false ? [] : axis.ticks();
        const title = axis.given.title?.text ? 20 : 0;
        if (axis.down) {
          const labels = Math.max(0, ...ticks.map(([, said]) => this.width(said))) + (axis.given.ticklabelstandoff ?? 0);
          l = Math.max(l, 6 + labels + title - this.before(axis) * this.wide + 2);
        } else {
          const lines = Math.max(0, ...ticks.map(([, said]) => pieces(said).length));
          const need = 4 + lines * 12 * LINE + title + 4;
          if (axis.given.side === "top") t = Math.max(t, need);
          else b = Math.max(b, need - axis.domain[0] * 0 - this.below(axis) * this.high);
          if (ticks.length) {
            const [number, said] = ticks.at(-1);
            r = Math.max(r, this.width(said) / 2 - (this.left + this.wide - axis.at(number)) + 2);
          }
        }
      }
      this.left = l; // the legend wraps in the room that is left
      this.wide = this.full.wide - l - r;
      this.key = this.legend();
      const y = this.layout.legend?.y ?? 1.02;
      if (this.key && y >= 1) t = Math.max(t, this.key.high + 4 + (y - 1) * this.high);
      Object.assign(this, { top: t, high: this.full.high - t - b });
    }
    for (const axis of Object.values(this.axes)) if (axis.given.scaleanchor) this.square(axis, this.axes[axis.given.scaleanchor]);
  }

  before(axis) { return (this.axes[axis.given.anchor] ?? this.axes.x)?.domain[0] ?? 0; }

  below(axis) { return (this.axes[axis.given.anchor] ?? this.axes.y)?.domain[0] ?? 0; }

  square(one, other) { // one unit is as long on both axes: the longer axis gives way
    const scale = (axis) => Math.abs((axis.span()[1] - axis.span()[0]) / (axis.range[1] - axis.range[0]));
    const [a, b] = [scale(one), scale(other)], [axis, share] = a > b ? [one, b / a] : [other, a / b];
    const [low, high] = axis.domain, length = (high - low) * share;
    const toward = axis.given.constraintoward ?? "middle";
    const start = toward === "top" ? high - length : toward === "bottom" || toward === "left" ? low : (low + high - length) / 2;
    axis.domain = [start, start + length];
  }

  draw() {
    this.frame();
    const under = Object.values(this.axes).map((axis) => this.rule(axis)).join("");
    const kinds = { heatmap: 0, bar: 1, scatter: 2 };
    const drawn = [...this.traces].sort((a, b) => kinds[a.type] - kinds[b.type])
      .map((trace) => ({ heatmap: () => this.heatmap(trace), bar: () => this.bar(trace), scatter: () => this.scatter(trace) })[trace.type]()).join("");
    const frames = (below) => (this.layout.shapes ?? []).filter((shape) => (shape.layer === "below") === below).map((shape) => this.shape(shape)).join("");
    const notes = (this.layout.annotations ?? []).map((note) => this.note(note)).join("");
    const { wide, high } = this.full;
    const inside = `<defs>${this.defs.join("")}</defs>${frames(true)}${under}${drawn}${frames(false)}${notes}${this.key?.draw() ?? ""}`;
    this.root.style.height = `${high}px`;
    this.root.dataset.figure = "";
    this.root.innerHTML = tag("svg", { width: wide, height: high, role: "img", "aria-label": escape(this.alt), "font-family": escape(this.font) }, inside) +
      '<div class="told" hidden></div>';
    this.root.prepend(...this.pictures);
    this.root.onpointermove = (event) => this.tell(event);
    this.root.onclick = (event) => { const found = this.picks && this.under(event).found; if (found) this.root.choose(found); };
    this.root.onpointerleave = () => { this.root.lastChild.hidden = true; };
  }

  rule(axis) { // grid, ticks and title
    if (!axis.visible) return "";
    const { given } = axis, ticks = axis.ticks(), parts = [];
    const other = this.axes[given.anchor] ?? this.axes[axis.down ? "x" : "y"] ?? Object.values(this.axes).find((each) => each.down !== axis.down);
    const [near, far] = other.span();
    const zero = given.zeroline !== false && !axis.log && !axis.words;
    const bars = axis.words && given.showgrid === undefined;
    for (const [number] of ticks) {
      const at = round(axis.at(number)) + 0;
      if (given.showgrid === false || (axis.words && bars)) continue;
      const line = axis.down ? { x1: near, x2: far, y1: at, y2: at } : { x1: at, x2: at, y1: near, y2: far };
      parts.push(tag("line", { ...line, stroke: zero && number === 0 ? FAINT : GRID, "stroke-width": 1 }));
    }
    const upper = given.side === "top", edge = upper ? far : near;
    if (given.showticklabels !== false) {
      const free = (every) => { // whether every n-th of the words has room beside the one before it
        const kept = ticks.filter((_, place) => place % every === 0).map(([number, said]) => [axis.at(number), this.width(said) / 2 + 2]);
        return kept.every(([at, half], place) => !place || Math.abs(at - kept[place - 1][0]) > half + kept[place - 1][1]);
      };
      const every = axis.down ? 1 : [1, 2, 3, 4, 5, 10].find(free) ?? 20;
      for (const [place, [number, said]] of ticks.entries()) {
        if (place % every) continue;
        const at = axis.at(number);
        if (axis.down) parts.push(this.words(said, edge - 6 - (given.ticklabelstandoff ?? 0), at, { across: "end", colour: FAINT }));
        else {
          parts.push(this.words(said, at, upper ? edge - 4 : edge + 4, { up: upper ? "bottom" : "top", colour: FAINT }));
        }
      }
    }
    if (given.title?.text) {
      const [first, last] = axis.span(), middle = (first + last) / 2;
      if (axis.down) {
        const labels = given.showticklabels === false ? 0 : Math.max(0, ...ticks.map(([, said]) => this.width(said)));
        parts.push(this.words(given.title.text, edge - labels - 18, middle, { colour: FAINT, turn: -90 }));
      } else {
        const lines = given.showticklabels === false ? 0 : Math.max(0, ...ticks.map(([, said]) => pieces(said).length));
        parts.push(this.words(given.title.text, middle, edge + 6 + lines * 12 * LINE, { up: "top", colour: FAINT }));
      }
    }
    return parts.join("");
  }

  // A place in the words of shapes and notes: "paper", an axis, or an axis' "domain".
  spot(letter, ref, value) {
    const [id, domain] = (ref ?? letter).split(" ");
    if (id !== "paper" && !domain) { const axis = this.axes[id]; return axis.at(axis.log && typeof value === "number" ? Number(value) : axis.number(value)); }
    const [first, last] = domain ? this.axes[id].span() : letter === "x" ? [this.left, this.left + this.wide] : [this.top + this.high, this.top];
    return first + value * (last - first);
  }

  shape(shape) {
    const known = (letter) => { const axis = this.axes[shape[`${letter}ref`] ?? letter]; return (value) => this.spot(letter, shape[`${letter}ref`], axis?.log ? Math.log10(value) : value); };
    const [x0, x1] = [shape.x0, shape.x1].map(known("x")), [y0, y1] = [shape.y0, shape.y1].map(known("y"));
    const look = { opacity: shape.opacity, ...stroke(shape, shape.line?.color ?? TEXT) };
    if (shape.type === "line") return tag("line", { x1: x0, x2: x1, y1: y0, y2: y1, ...look });
    return tag("rect", { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0), fill: shape.fillcolor ?? "none", ...look });
  }

  note(note) {
    const paper = (letter) => /paper|domain/.test(note[`${letter}ref`] ?? "");
    const third = (value, words) => (value < 1 / 3 ? words[0] : value > 2 / 3 ? words[2] : words[1]);
    const across = note.xanchor && note.xanchor !== "auto" ? note.xanchor : paper("x") ? third(note.x, ["left", "center", "right"]) : "center";
    const up = note.yanchor && note.yanchor !== "auto" ? note.yanchor : paper("y") ? third(note.y, ["bottom", "middle", "top"]) : "middle";
    let x = this.spot("x", note.xref, note.x) + (note.xshift ?? 0), y = this.spot("y", note.yref, note.y) - (note.yshift ?? 0);
    const size = note.font?.size ?? 12, pad = (note.borderpad ?? 1) + 1;
    const wide = this.width(note.text, size), high = pieces(note.text).length * size * LINE;
    const free = x - { left: -pad, center: wide / 2, right: wide + pad }[across];
    const left = Math.max(0, Math.min(free, this.full.wide - wide)); // never cut at the edge
    const top = y - { top: -pad, middle: high / 2, bottom: high + pad }[up];
    const box = note.bgcolor ? tag("rect", { x: left - pad, y: top - pad, width: wide + 2 * pad, height: high + 2 * pad, fill: note.bgcolor, rx: 3 }) : "";
    const at = { left, center: left + wide / 2, right: left + wide }[across];
    return box + this.words(note.text, at, top, { size, colour: note.font?.color ?? TEXT, up: "top", across: { left: "start", center: "middle", right: "end" }[across] });
  }

  legend() { // the names of the traces in rows, as wide as the drawing
    const shown = this.traces.filter((trace) => trace.showlegend !== false && trace.name);
    const wanted = this.layout.showlegend ?? (this.traces.filter((trace) => trace.showlegend !== false).length > 1 || this.traces.some((trace) => trace.showlegend));
    if (!wanted || !shown.length) return null;
    const rows = [[]], gap = 14, mark = 26, line = 19, room = this.full.wide - this.left;
    let far = 0;
    for (const trace of shown) {
      const long = mark + this.width(trace.name) + gap;
      if (far && far + long - gap > room) { rows.push([]); far = 0; }
      rows.at(-1).push([trace, far]);
      far += long;
    }
    const long = rows.length > 1 ? room : far - gap, high = rows.length * line, given = this.layout.legend ?? {};
    const draw = () => {
      const shift = { left: 0, center: -long / 2, right: -long }[given.xanchor ?? "left"];
      const x = Math.max(0, this.left + (given.x ?? 0) * this.wide + shift), top = this.top + (1 - (given.y ?? 1.02)) * this.high - (given.yanchor === "top" ? 0 : high);
      return rows.map((row, place) => row.map(([trace, from]) => {
        const [left, middle] = [x + from, Math.max(0, top) + place * line + line / 2];
        return this.sample(trace, left, middle) + this.words(trace.name, left + mark, middle, { across: "start" });
      }).join("")).join("");
    };
    return { high, draw };
  }

  // --- pointing at something ------------------------------------------------------------------------------------
  told(template, trace, place) {
    const value = (name) => {
      const [, field, index] = name.match(/^(\w+)(?:\[(\d+)\])?$/) ?? [];
      let found;
      if (Array.isArray(place) && (field === "x" || field === "y")) found = field === "x" ? (trace.x0 ?? 0) + place[1] : (trace.y0 ?? 0) + place[0];
      else found = Array.isArray(place) ? trace[field]?.[place[0]]?.[place[1]] : of(trace[field], place);
      return index === undefined ? found : found?.[index];
    };
    return template.replace(/%\{([^}:]+)(?::([^}]+))?\}/g, (_, name, how) => format(value(name), how));
  }

  under(event) { // what of the chart is there
    const frame = this.root.getBoundingClientRect(), x = event.clientX - frame.left, y = event.clientY - frame.top;
    const between = (edges, at) => edges.findIndex((edge, place) => place && (edge - at) * (edges[place - 1] - at) <= 0) - 1;
    const inside = this.hot.findLast((spot) => {
      if (spot.across) return Math.min(...(spot.place = [between(spot.along, y), between(spot.across, x)])) >= 0;
      return !spot.near && x >= spot.x && x <= spot.x + spot.width && y >= spot.y && y <= spot.y + spot.height;
    });
    const dots = this.hot.filter((spot) => spot.near).map((spot) => [Math.hypot(spot.x - x, spot.y - y), spot]).filter(([far, spot]) => far <= spot.near);
    return { found: dots.sort((a, b) => a[0] - b[0])[0]?.[1] ?? inside, x, y, frame };
  }

  tell(event) {
    const { found, x, y, frame } = this.under(event), told = this.root.lastChild;
    this.root.style.cursor = this.picks && found ? "pointer" : "";
    told.hidden = !found || found.trace.hoverinfo === "skip";
    if (told.hidden) return;
    const [main, name = ""] = (found.trace.hovertemplate ?? "%{x}, %{y}").split(/<extra>|<\/extra>/);
    told.textContent = [main, name].filter(Boolean).map((part) => this.told(part, found.trace, found.place).replace(/<br>/g, "\n").replace(/<[^>]*>/g, "")).join("\n");
    told.style.left = `${Math.min(Math.max(4, x + 12), frame.width - told.offsetWidth - 4)}px`;
    told.style.top = `${Math.max(0, y - told.offsetHeight - 10)}px`;
  }
}
