// A picture to paint labels on: by pointer, by touch, and by keyboard with a cursor. Python gets the map when a stroke
// ends; here everything is drawn at once. What one paints on is named by `base`: another name, and all begins anew.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".painter");
  root.painter ??= new Painter(root);
  root.painter.send = (sent) => setTriggerValue("painted", sent);
  root.painter.show(data);
}

const STEPS = 60; // that can be taken back
const SOON = 350; // milliseconds without a key, after which the map is sent
const JUMP = 8; // pixels of an arrow with Shift
const HELP = "Keys on the picture: arrows move (Shift: by 8), Space paints, Enter fills, 0 to 9 choose a class, + and " +
  "- the size, Ctrl+Z and Ctrl+Y go back and forth.";

class Painter {
  constructor(root) {
    this.root = root;
    Object.assign(this, { ink: 1, size: 9, tool: "brush", at: { row: 0, column: 0 } });
  }

  // --- what Python says ---------------------------------------------------------------------------------------------
  show(data) {
    const form = JSON.stringify([data.rows, data.columns, data.inks]); // what the paper and its buttons depend on
    if (this.form !== form || this.base !== data.base) {
      const again = this.form === form;
      clearTimeout(this.timer);
      Object.assign(this, { form, base: data.base, data, back: [], forth: [], labels: unpack(data.runs), stroke: null });
      this.ink = Math.min(this.ink, data.inks.length - 1);
      if (again) this.anew();
      else {
        this.at = { row: data.rows >> 1, column: data.columns >> 1 };
        this.build();
      }
    }
    if (this.picture !== data.picture) {
      this.picture = data.picture;
      const image = new Image();
      image.onload = () => {
        Object.assign(this.under, { width: image.width, height: image.height });
        this.under.getContext("2d").drawImage(image, 0, 0);
      };
      image.src = data.picture;
    }
  }

  build() {
    const { rows, columns, inks } = this.data;
    this.inks = group("Paint with", inks.map((ink, place) => {
      const mark = make("span", { className: "mark" });
      const context = mark.appendChild(make("canvas", { width: 16, height: 16 })).getContext("2d");
      context.putImageData(swatch(place, ink.colour), 0, 0);
      return make("button", { type: "button", onclick: () => this.choose(place) }, mark, place ? ink.name : `${ink.name} (eraser)`);
    }));
    this.tools = group("Tool", [["brush", "Brush"], ["fill", "Fill"]].map(([tool, text]) =>
      Object.assign(button(text, () => this.take(tool)), { tool })));
    this.range = make("input", { type: "range", min: 1, max: 31, step: 2, value: this.size, oninput: () => this.sized(+this.range.value) });
    this.thick = make("output", {});
    const size = make("label", { className: "size" }, "Size ", this.range, this.thick);
    this.undo = button("Undo", () => this.step(this.back, this.forth, "Taken back."));
    this.redo = button("Redo", () => this.step(this.forth, this.back, "Done again."));
    this.wipe = button("Clear", () => this.edit(() => this.labels.fill(0), "Everything is erased."));
    this.under = make("canvas", { className: "under", width: columns, height: rows });
    this.scale = Math.max(1, Math.min(8, Math.round(480 / columns)));
    this.over = make("canvas", { className: "over", width: columns * this.scale, height: rows * this.scale });
    this.ring = make("div", { className: "ring" });
    this.paper = make("div", { className: "paper", tabIndex: 0 }, this.under, this.over, this.ring);
    this.paper.style.aspectRatio = `${columns} / ${rows}`;
    this.paper.setAttribute("role", "application");
    this.paper.dataset.figure = "";
    this.told = make("p", { className: "told" });
    this.told.setAttribute("role", "status");
    const bar = make("div", { className: "bar" }, this.tools, this.undo, this.redo, this.wipe, size);
    this.root.replaceChildren(this.paper, this.told, this.inks, bar, make("p", { className: "help", textContent: HELP }));
    this.picture = null;
    this.listen();
    this.choose(this.ink, "");
    this.take(this.tool);
    this.sized(this.size);
    this.anew();
  }

  anew() { // another picture on the same paper
    this.paper.setAttribute("aria-label", `${this.data.alt} ${HELP}`);
    this.say("");
    this.draw();
  }

  // --- what the visitor does ----------------------------------------------------------------------------------------
  listen() {
    const { paper } = this;
    paper.onpointerdown = (event) => {
      if (event.button) return;
      paper.focus({ preventScroll: true });
      paper.setPointerCapture(event.pointerId);
      this.move(this.spot(event));
      if (this.tool === "fill") { this.fill(); return; }
      this.stroke = { before: this.labels.slice(), from: this.at };
      this.stamp(this.at, this.at);
    };
    paper.onpointermove = (event) => {
      const spots = event.getCoalescedEvents?.() ?? [];
      for (const each of spots.length ? spots : [event]) {
        const to = this.spot(each);
        if (this.stroke) this.stamp(this.stroke.from, to), (this.stroke.from = to);
        this.move(to, !this.stroke);
      }
    };
    paper.onpointerup = paper.onpointercancel = () => {
      if (!this.stroke) return;
      const { before } = this.stroke;
      this.stroke = null;
      this.keep(before, `Painted with ${this.name(this.ink)}.`);
    };
    paper.onpointerenter = () => { this.ring.style.visibility = "visible"; };
    paper.onpointerleave = () => { if (paper.getRootNode().activeElement !== paper) this.ring.style.visibility = "hidden"; };
    paper.onfocus = () => { this.ring.style.visibility = "visible"; this.move(this.at); };
    paper.onblur = () => { this.ring.style.visibility = "hidden"; };
    paper.onkeydown = (event) => {
      if (!this.key(event)) return;
      event.preventDefault();
      event.stopPropagation(); // the page has shortcuts of its own
    };
  }

  key(event) { // whether the key means something here
    const { key, shiftKey } = event, by = shiftKey ? JUMP : 1;
    const way = { ArrowUp: [-by, 0], ArrowDown: [by, 0], ArrowLeft: [0, -by], ArrowRight: [0, by] }[key];
    if (event.ctrlKey || event.metaKey) {
      if (key.toLowerCase() === "z") (shiftKey ? this.redo : this.undo).click();
      else if (key.toLowerCase() === "y") this.redo.click();
      else return false;
    } else if (event.altKey) return false;
    else if (way) this.move({ row: this.at.row + way[0], column: this.at.column + way[1] });
    else if (key === " ") this.edit(() => this.stamp(this.at, this.at), `Painted ${this.name(this.ink)}, ${this.where()}.`);
    else if (key === "Enter") this.fill();
    else if (/^[0-9]$/.test(key) && +key < this.data.inks.length) this.choose(+key);
    else if (key === "+" || key === "-") this.sized(this.size + (key === "+" ? 2 : -2), true);
    else return false;
    return true;
  }

  choose(ink, said = `Painting with ${this.name(ink)}.`) {
    this.ink = ink;
    [...this.inks.querySelectorAll("button")].forEach((each, place) => each.setAttribute("aria-pressed", place === ink));
    this.ring.style.borderColor = ink ? this.data.inks[ink].colour : "#ffffff";
    this.say(said);
  }

  take(tool) {
    this.tool = tool;
    for (const each of this.tools.querySelectorAll("button")) each.setAttribute("aria-pressed", each.tool === tool);
    this.move(this.at, true, false);
  }

  sized(size, aloud = false) {
    this.size = clamp(size, 1, 31);
    this.range.value = this.size;
    this.thick.textContent = ` ${this.size} px`;
    this.move(this.at, true, false);
    if (aloud) this.say(`The brush is ${this.size} pixels wide.`);
  }

  move(to, aloud = true, say = true) {
    const { rows, columns } = this.data;
    this.at = { row: clamp(to.row, 0, rows - 1), column: clamp(to.column, 0, columns - 1) };
    const size = this.tool === "fill" ? 1 : this.size, percent = (value, most) => `${(100 * value) / most}%`;
    Object.assign(this.ring.style, {
      left: percent(this.at.column + 0.5, columns), top: percent(this.at.row + 0.5, rows), width: percent(size, columns),
    });
    if (aloud && say) this.say(`${this.where()}: ${this.name(this.labels[this.at.row * columns + this.at.column])}`);
  }

  // --- the map ------------------------------------------------------------------------------------------------------
  stamp(from, to) { // a disc, drawn along a line
    const { rows, columns } = this.data, reach = this.size / 2, least = Math.ceil(-reach), most = Math.floor(reach);
    const steps = Math.max(1, Math.abs(to.row - from.row), Math.abs(to.column - from.column));
    for (let step = 0; step <= steps; step++) {
      const row = Math.round(from.row + ((to.row - from.row) * step) / steps);
      const column = Math.round(from.column + ((to.column - from.column) * step) / steps);
      for (let down = least; down <= most; down++) for (let right = least; right <= most; right++) {
        const inside = down * down + right * right <= reach * reach && row + down >= 0 && row + down < rows;
        if (inside && column + right >= 0 && column + right < columns) this.labels[(row + down) * columns + column + right] = this.ink;
      }
    }
    this.draw();
  }

  fill() { // everything of one label that hangs together with the pixel under the cursor
    const { rows, columns } = this.data, first = this.at.row * columns + this.at.column, old = this.labels[first];
    if (old === this.ink) { this.say(`This area is ${this.name(old)} already.`); return; }
    this.edit(() => {
      const open = [first];
      while (open.length) {
        const place = open.pop();
        if (this.labels[place] !== old) continue;
        this.labels[place] = this.ink;
        const column = place % columns;
        if (column) open.push(place - 1);
        if (column < columns - 1) open.push(place + 1);
        if (place >= columns) open.push(place - columns);
        if (place < (rows - 1) * columns) open.push(place + columns);
      }
    }, `Filled with ${this.name(this.ink)}.`);
  }

  edit(change, said) {
    const before = this.labels.slice();
    change();
    this.keep(before, said);
  }

  keep(before, said) {
    if (before.every((label, place) => label === this.labels[place])) return;
    this.back.push(before);
    if (this.back.length > STEPS) this.back.shift();
    this.forth.length = 0;
    this.changed(said);
  }

  step(from, onto, said) {
    if (!from.length) return;
    onto.push(this.labels.slice());
    this.labels = from.pop();
    this.changed(said);
  }

  changed(said) {
    this.draw();
    this.say(said);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send({ base: this.data.base, runs: pack(this.labels) }), SOON);
  }

  draw() {
    const { rows, columns, inks } = this.data, { scale, labels } = this, wide = columns * scale;
    const image = new ImageData(wide, rows * scale), pixels = new Uint32Array(image.data.buffer);
    const paints = inks.map((ink) => [150, 215, 255].map((strength) => paint(ink.colour, strength)));
    for (let place = 0; place < labels.length; place++) {
      const label = labels[place];
      if (!label) continue;
      const row = Math.floor(place / columns), column = place % columns, [faint, strong, edge] = paints[label], hatch = HATCHES[(label - 1) % HATCHES.length];
      const top = row && labels[place - columns] !== label, bottom = row < rows - 1 && labels[place + columns] !== label;
      const left = column && labels[place - 1] !== label, right = column < columns - 1 && labels[place + 1] !== label;
      for (let down = 0; down < scale; down++) for (let over = 0; over < scale; over++) {
        const y = row * scale + down, x = column * scale + over;
        const rim = (top && !down) || (bottom && down === scale - 1) || (left && !over) || (right && over === scale - 1);
        pixels[y * wide + x] = rim ? edge : hatch(x, y) ? strong : faint;
      }
    }
    this.over.getContext("2d").putImageData(image, 0, 0);
    this.undo.disabled = !this.back.length;
    this.redo.disabled = !this.forth.length;
    this.wipe.disabled = !labels.some((label) => label);
  }

  // --- words and places -----------------------------------------------------------------------------------------------
  spot(event) {
    const box = this.paper.getBoundingClientRect(), { rows, columns } = this.data;
    return {
      row: Math.floor(((event.clientY - box.top) / box.height) * rows),
      column: Math.floor(((event.clientX - box.left) / box.width) * columns),
    };
  }

  where() { return `row ${this.at.row}, column ${this.at.column}`; }

  name(label) { return this.data.inks[label].name; }

  say(text) { this.told.textContent = text && text[0].toUpperCase() + text.slice(1); }
}

// Where a class' pattern is strong: stripes and dots tell classes apart without their colours.
const HATCHES = [
  (x, y) => (x + y) % 10 < 3, (x, y) => (x - y + 10_000) % 10 < 3, (x, y) => y % 8 < 2, (x) => x % 8 < 2,
  (x, y) => x % 8 < 3 && y % 8 < 3, () => false, (x, y) => (x % 10 < 2) !== (y % 10 < 2), (x, y) => (x >> 3) % 2 === (y >> 3) % 2,
];

function swatch(label, colour) {
  const image = new ImageData(16, 16), pixels = new Uint32Array(image.data.buffer);
  for (let y = 0; y < 16; y++) for (let x = 0; x < 16; x++) {
    if (label) pixels[16 * y + x] = paint(colour, HATCHES[(label - 1) % HATCHES.length](x, y) ? 255 : 120);
  }
  return image;
}

function paint(colour, strength) { // #rrggbb and what covers, as one number of an ImageData
  const [red, green, blue] = [1, 3, 5].map((from) => parseInt(colour.slice(from, from + 2), 16));
  return ((strength << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

function pack(labels) {
  const runs = [];
  for (let first = 0; first < labels.length; ) {
    let end = first;
    while (end < labels.length && labels[end] === labels[first]) end++;
    runs.push(`${labels[first]}x${end - first}`);
    first = end;
  }
  return runs.join(",");
}

function unpack(text) {
  const runs = text.split(",").map((run) => run.split("x").map(Number));
  const labels = new Uint8Array(runs.reduce((sum, [, length]) => sum + length, 0));
  let first = 0;
  for (const [label, length] of runs) labels.fill(label, first, (first += length));
  return labels;
}
