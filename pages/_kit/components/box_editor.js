// Boxes on a picture: moved, resized, drawn, removed and scored by pointer, by touch and by keyboard. Python gets all of
// them after each gesture, and during one as often as it answers: every message has a number, which comes back.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".boxes");
  root.editor ??= new Editor(root);
  root.editor.send = (sent) => setTriggerValue("sent", sent);
  root.editor.show(data);
}

const STEPS = 60; // that can be taken back
const PATIENCE = 1500; // milliseconds after which an answer is no longer waited for
const SAME = 900; // milliseconds within which key presses on one box count as one step
const CLICK = 4; // pixels on the screen that a click may slip
const SMALL = 56; // pixels on the screen below which a side has no handle of its own

class Editor {
  constructor(root) {
    this.root = root;
    Object.assign(this, { boxes: [], back: [], forth: [], chosen: null, next: 1, count: 0, ink: 0, drawing: false });
  }

  // --- what Python says ---------------------------------------------------------------------------------------------
  show(data) {
    const named = JSON.stringify([data.base, data.size, data.kinds, data.words, data.rules]);
    const fresh = this.named !== named;
    this.data = data;
    if (fresh) {
      this.named = named;
      Object.assign(this, { back: [], forth: [], chosen: null, gesture: null, dirty: false, count: data.count, waits: false });
      this.ink = Math.min(this.ink, data.kinds.length - 1);
      this.adopt(data.boxes);
      this.build();
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
    if (!fresh && data.count >= this.count) { // this answers what was sent last
      this.waits = false;
      if (this.dirty) this.push();
      else if (!this.gesture && JSON.stringify(data.boxes) !== JSON.stringify(this.rows())) this.adopt(data.boxes);
    }
    this.paper.setAttribute("aria-label", data.alt);
    this.haunt();
    this.draw();
  }

  adopt(rows) { // boxes that keep their place keep their element, and with it the focus
    const at = this.boxes.indexOf(this.chosen);
    this.boxes = rows.map((row, place) => ({
      id: this.boxes[place]?.id ?? this.next++, box: row.slice(0, 4), kind: row[4], word: row[5], score: row[6],
    }));
    this.chosen = this.boxes[at] ?? null;
  }

  rows() { return this.boxes.map(({ box, kind, word, score }) => [...box, kind, word, score]); }

  push() { // to Python, unless it still works on what was sent before
    if (this.waits) { this.dirty = true; return; }
    Object.assign(this, { dirty: false, waits: true, count: this.count + 1 });
    this.send({ base: this.data.base, count: this.count, boxes: this.rows() });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.waits = false; if (this.dirty) this.push(); }, PATIENCE);
  }

  build() {
    const { kinds, words, rules, size } = this.data;
    this.root.style.setProperty("--wide", `${rules.wide}px`);
    this.under = make("canvas", { width: size[0], height: size[1] });
    this.paper = make("div", { className: rules.free ? "paper free" : "paper" }, this.under);
    this.paper.style.aspectRatio = `${size[0]} / ${size[1]}`;
    this.paper.setAttribute("role", "application");
    this.paper.dataset.figure = "";
    if (rules.free) this.paper.tabIndex = 0;
    this.elements = new Map();
    this.told = make("p", { className: "told" });
    this.told.setAttribute("role", "status");
    this.inks = group("Kind of a new box", kinds.map((kind, place) => {
      const mark = make("span", { className: "mark" });
      Object.assign(mark.style, { borderColor: kind.colour, borderStyle: kind.dashed ? "dashed" : "solid" });
      return make("button", { type: "button", onclick: () => this.take(place) }, mark, kind.name);
    }));
    this.pen = button("Draw", () => this.arm(!this.drawing));
    this.plus = button("Add", () => this.add());
    this.minus = button("Remove", () => this.remove());
    this.undo = button("Undo", () => this.step(this.back, this.forth, "Taken back."));
    this.redo = button("Redo", () => this.step(this.forth, this.back, "Done again."));
    this.select = make("select", { onchange: () => this.change(() => { this.chosen.word = +this.select.value; }) },
      ...words.map((word, place) => make("option", { value: place, textContent: word })));
    this.score = make("input", { type: "number", min: 0, max: 1, step: 0.01, onchange: () => this.rate(this.typed()) });
    this.score.onkeydown = (event) => {
      event.stopPropagation(); // the page has shortcuts of its own
      if (event.key === "Enter" || event.key === "Escape") { this.rate(this.typed()); this.focus(); }
    };
    this.about = [make("label", { hidden: !words.length }, "Class", this.select), make("label", { hidden: !kinds.some((kind) => kind.scored) }, "Score", this.score)];
    const more = rules.free ? [...(kinds.length > 1 ? [this.inks] : []), this.pen, this.plus, this.minus] : [];
    const bar = make("div", { className: "bar" }, ...more, this.undo, this.redo, ...this.about);
    this.help = make("p", { className: "help", textContent: help(rules.free, kinds.some((kind) => kind.scored), words.length) });
    this.root.replaceChildren(this.paper, this.told, bar, this.help);
    this.picture = null;
    this.listen();
    this.take(this.ink);
    this.arm(false);
    this.watch?.disconnect();
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.paper);
  }

  // --- by pointer ---------------------------------------------------------------------------------------------------
  listen() {
    const { paper } = this;
    paper.onpointerdown = (event) => {
      if (event.button || this.gesture) return;
      const from = this.spot(event), handle = event.target.dataset.handle, before = this.rows();
      const under = this.hit(from, event.target), base = { before, from, seen: [event.clientX, event.clientY], moved: false };
      if (this.drawing) this.gesture = { ...base, what: "draw" };
      else if (handle) this.gesture = { ...base, what: "size", handle, box: [...this.chosen.box] };
      else if (under.length) {
        const was = this.chosen, each = under.includes(was) ? was : under[0];
        this.choose(each);
        this.gesture = { ...base, what: "move", box: [...each.box], again: each === was && under[(under.indexOf(each) + 1) % under.length] };
      } else if (this.data.rules.free) this.gesture = { ...base, what: "draw" };
      else this.choose(null);
      if (!this.gesture) return;
      event.preventDefault();
      (this.chosen && this.gesture.what !== "draw" ? this.elements.get(this.chosen.id) : this.data.rules.free ? paper : null)?.focus({ preventScroll: true });
      paper.setPointerCapture(event.pointerId);
    };
    paper.onpointermove = (event) => {
      const { gesture } = this, { size, rules } = this.data;
      if (!gesture) return;
      gesture.moved ||= Math.hypot(event.clientX - gesture.seen[0], event.clientY - gesture.seen[1]) > CLICK;
      if (!gesture.moved) return;
      const to = this.spot(event), by = [to[0] - gesture.from[0], to[1] - gesture.from[1]];
      if (gesture.what === "move") this.chosen.box = moved(gesture.box, by, size, rules);
      if (gesture.what === "size") this.chosen.box = sized(gesture.box, gesture.handle, by, size, rules);
      if (gesture.what === "draw") this.sketch(gesture, to);
      if (!this.chosen || !gesture.moved) return;
      this.draw();
      this.say(this.described(this.chosen));
      this.push();
    };
    paper.onpointerup = () => this.finish();
    paper.onpointercancel = () => this.finish();
    paper.onkeydown = (event) => {
      if (!this.key(event)) return;
      event.preventDefault();
      event.stopPropagation(); // the page has shortcuts of its own
    };
  }

  finish() {
    const { gesture } = this;
    this.gesture = null;
    if (!gesture) return;
    if (gesture.moved) {
      this.keep(gesture.before);
      if (gesture.what === "draw") { this.arm(false); this.focus(); }
    } else if (gesture.what === "draw") this.choose(null);
    else if (gesture.again) { this.choose(gesture.again); this.focus(); }
    this.draw();
  }

  hit(at, target) { // the boxes under a point, the smallest first; a name counts as its box
    const named = target.closest?.(".chip")?.parentElement;
    const by = this.boxes.find((each) => named && this.elements.get(each.id) === named);
    const inside = this.boxes.filter(({ box }) => at[0] >= box[0] && at[0] <= box[2] && at[1] >= box[1] && at[1] <= box[3]);
    inside.sort((one, other) => area(one.box) - area(other.box));
    return by ? [by, ...inside.filter((each) => each !== by)] : inside;
  }

  sketch(gesture, to) {
    const { kinds, words, rules, size } = this.data;
    if (!gesture.made && this.boxes.length >= rules.most) {
      this.say(`At most ${rules.most} boxes fit on one picture.`);
      gesture.moved = false;
      return;
    }
    const lows = [0, 1].map((axis) => Math.min(gesture.from[axis], to[axis]));
    const highs = [0, 1].map((axis) => Math.max(gesture.from[axis], to[axis]));
    const box = fitted([...lows, ...highs], size, rules);
    if (gesture.made) { gesture.made.box = box; return; }
    const word = words.length ? +this.select.value || 0 : 0, score = kinds[this.ink].scored ? 0.9 : 1;
    gesture.made = { id: this.next++, box, kind: this.ink, word, score };
    this.boxes.push(gesture.made);
    this.choose(gesture.made);
  }

  // --- by keyboard --------------------------------------------------------------------------------------------------
  key(event) { // whether the key means something here
    const { key, shiftKey } = event, { size, rules } = this.data, by = rules.grid * (event.repeat ? 4 : 1);
    if (event.ctrlKey || event.metaKey) {
      if (key.toLowerCase() === "z") (shiftKey ? this.redo : this.undo).click();
      else if (key.toLowerCase() === "y") this.redo.click();
      else return false;
      return true;
    }
    if (event.altKey) return false;
    if (rules.free && key.toLowerCase() === "n") { this.add(); return true; }
    const chosen = this.boxes.find((each) => this.elements.get(each.id) === event.target);
    if (!chosen) return false;
    if (chosen !== this.chosen) this.choose(chosen);
    const way = { ArrowUp: [0, -by], ArrowDown: [0, by], ArrowLeft: [-by, 0], ArrowRight: [by, 0] }[key];
    const scored = this.data.kinds[chosen.kind].scored;
    if (way) this.change(() => { chosen.box = shiftKey ? sized(chosen.box, "se", way, size, rules) : moved(chosen.box, way, size, rules); }, key);
    else if ((key === "Delete" || key === "Backspace") && rules.free) this.remove();
    else if (scored && (key === "+" || key === "-")) this.rate(chosen.score + (key === "+" ? 0.05 : -0.05));
    else if (scored && (key === "Enter" || /^[0-9.]$/.test(key))) { this.score.focus(); this.score.select(); return key === "Enter"; }
    else if (this.data.words.length && key.toLowerCase() === "c") this.change(() => { chosen.word = (chosen.word + 1) % this.data.words.length; });
    else if (key === "Escape") { this.choose(null); if (rules.free) this.paper.focus(); else event.target.blur(); }
    else return false;
    return true;
  }

  // --- what happens to boxes ----------------------------------------------------------------------------------------
  choose(each) {
    this.chosen = each;
    this.say(each ? this.described(each) : "");
    this.draw();
  }

  focus() { if (this.chosen) this.elements.get(this.chosen.id)?.focus({ preventScroll: true }); }

  take(ink) {
    this.ink = ink;
    [...this.inks.children].forEach((each, place) => each.setAttribute("aria-pressed", place === ink));
  }

  arm(on) {
    this.drawing = on;
    this.pen.setAttribute("aria-pressed", on);
    if (on) this.say("Draw a box: press on the picture and drag.");
  }

  add() {
    const { size, rules } = this.data, before = this.rows();
    if (this.boxes.length >= rules.most) { this.say(`At most ${rules.most} boxes fit on one picture.`); return; }
    const shift = (this.boxes.length % 5) * 0.04; // one after the other, and not on top of each other
    const from = [size[0] * (0.3 + shift), size[1] * (0.3 + shift)], gesture = { from, made: null };
    this.sketch(gesture, [from[0] + size[0] * 0.3, from[1] + size[1] * 0.3]);
    this.keep(before);
    this.draw();
    this.focus();
  }

  remove() {
    if (!this.chosen) return;
    const before = this.rows(), at = this.boxes.indexOf(this.chosen), name = this.name(this.chosen);
    this.boxes.splice(at, 1);
    this.choose(this.boxes[Math.min(at, this.boxes.length - 1)] ?? null);
    this.keep(before);
    if (this.chosen) this.focus();
    else this.paper.focus();
    this.say(`${name} is removed.`);
  }

  typed() { const { value } = this.score; return value > 1 ? value / 100 : value; } // 55 means 0.55

  rate(text) {
    const value = Number(text);
    if (!this.chosen || !this.data.kinds[this.chosen.kind].scored) return;
    if (text === "" || !Number.isFinite(value)) { this.draw(); return; }
    const score = Math.round(100 * clamp(value, 0, 1)) / 100;
    if (score !== this.chosen.score) this.change(() => { this.chosen.score = score; });
  }

  change(edit, key = "") { // keys pressed quickly one after the other are one step
    if (!this.chosen) return;
    const before = this.rows(), soon = key && this.last?.id === this.chosen.id && Date.now() - this.last.time < SAME;
    edit();
    this.last = { id: this.chosen.id, time: Date.now() };
    if (!soon || !this.back.length) this.keep(before);
    else this.push();
    this.say(this.described(this.chosen));
    this.draw();
  }

  keep(before) {
    if (JSON.stringify(before) === JSON.stringify(this.rows())) return;
    this.back.push(before);
    if (this.back.length > STEPS) this.back.shift();
    this.forth.length = 0;
    this.push();
  }

  step(from, onto, said) {
    if (!from.length) return;
    onto.push(this.rows());
    this.adopt(from.pop());
    this.last = null;
    this.push();
    this.draw();
    this.say(said);
  }

  // --- places -------------------------------------------------------------------------------------------------------
  spot(event) {
    const frame = this.paper.getBoundingClientRect(), { size } = this.data;
    return [0, 1].map((axis) => {
      const [at, from, length] = axis ? [event.clientY, frame.top, frame.height] : [event.clientX, frame.left, frame.width];
      return clamp(((at - from) / length) * size[axis], 0, size[axis]);
    });
  }

  // --- drawing and words --------------------------------------------------------------------------------------------
  draw() {
    const { size, kinds, rules, notes, faint, strong } = this.data, scale = this.paper.clientWidth / size[0] || 1;
    const same = this.boxes.length === this.data.boxes.length; // notes are for the boxes that Python knows
    const taken = this.haunting(scale);
    for (const [id, element] of this.elements) if (!this.boxes.some((each) => each.id === id)) { element.remove(); this.elements.delete(id); }
    this.boxes.forEach((each, place) => {
      const element = this.elements.get(each.id) ?? this.framed(each), kind = kinds[each.kind], [x1, y1, x2, y2] = each.box;
      const percent = (value, axis) => `${(100 * value) / size[axis]}%`, chosen = each === this.chosen;
      Object.assign(element.style, {
        left: percent(x1, 0), top: percent(y1, 1), width: percent(x2 - x1, 0), height: percent(y2 - y1, 1),
        zIndex: chosen ? 1000 : "auto", // and no name lies below a frame: that of the style sheet is below 1000
      });
      element.style.setProperty("--ink", kind.colour);
      element.style.setProperty("--tint", kind.colour + "88");
      element.classList.toggle("dashed", kind.dashed);
      element.classList.toggle("faint", Boolean(same && faint[place]));
      element.classList.toggle("strong", Boolean(same && strong[place]));
      element.classList.toggle("chosen", chosen);
      element.classList.toggle("small", Math.min(x2 - x1, y2 - y1) * scale < SMALL);
      element.setAttribute("aria-label", this.described(each));
      element.setAttribute("aria-pressed", chosen);
      this.label(element.firstChild, each, same ? [notes[place], faint[place]] : ["", false], scale, taken);
    });
    const scored = this.chosen && kinds[this.chosen.kind].scored;
    this.score.disabled = !scored;
    if (this.root.getRootNode().activeElement !== this.score) this.score.value = scored ? this.chosen.score.toFixed(2) : "";
    this.select.disabled = !this.chosen;
    if (this.chosen) this.select.value = this.chosen.word;
    this.undo.disabled = !this.back.length;
    this.redo.disabled = !this.forth.length;
    this.minus.disabled = !this.chosen;
    this.plus.disabled = this.pen.disabled = this.boxes.length >= rules.most;
  }

  haunt() { // boxes that are only looked at, as far as they lie on the picture
    const { size, ghosts } = this.data, named = JSON.stringify(ghosts);
    if (this.haunted === named && this.ghosts?.every((each) => each.isConnected)) return;
    this.haunted = named;
    this.ghosts?.forEach((each) => each.remove());
    this.ghosts = ghosts.flatMap(({ box, name, colour }) => {
      const [x1, y1, x2, y2] = box.map((value, place) => clamp(value, 0, size[place % 2]));
      if (x2 <= x1 || y2 <= y1) return [];
      const chip = make("span", { className: "chip", textContent: name });
      const ghost = make("div", { className: "ghost" }, ...(name ? [chip] : []));
      Object.assign(ghost.style, {
        left: `${(100 * x1) / size[0]}%`, top: `${(100 * y1) / size[1]}%`,
        width: `${(100 * (x2 - x1)) / size[0]}%`, height: `${(100 * (y2 - y1)) / size[1]}%`,
      });
      ghost.style.setProperty("--ink", colour);
      ghost.end = [x2, y2];
      this.under.after(ghost);
      return [ghost];
    });
  }

  haunting(scale) { // where the names of such boxes stand: no other one is to cover them
    return (this.ghosts ?? []).filter((each) => each.firstChild && each.isConnected).map((each) => {
      const chip = each.firstChild, wide = (chip.wide ||= chip.offsetWidth), [x, y] = each.end;
      return [x * scale - 3 - wide, y * scale - 20, wide];
    });
  }

  framed(each) {
    const handles = Object.entries(HANDLES).map(([name, [right, down]]) => {
      const handle = make("span", { className: name.length === 1 ? "handle side" : "handle" });
      handle.dataset.handle = name;
      Object.assign(handle.style, { left: `${100 * right}%`, top: `${100 * down}%`, cursor: `${name}-resize` });
      return handle;
    });
    const element = make("div", { className: "box", tabIndex: 0 }, make("span", { className: "chip" }), ...handles);
    element.setAttribute("role", "button");
    element.onfocus = () => { if (this.chosen?.id !== each.id) this.choose(this.boxes.find(({ id }) => id === each.id) ?? null); };
    this.elements.set(each.id, element);
    this.paper.append(element);
    return element;
  }

  label(chip, each, [note, faint], scale, taken) { // above the box, or where no other name stands
    const { size, kinds, words } = this.data, kind = kinds[each.kind];
    const about = faint && note ? [] : [words.length ? words[each.word] : "", kind.scored ? each.score.toFixed(2) : ""];
    const parts = [this.name(each), ...about, note || ""]; // of a pale box only the note
    const text = parts.filter(Boolean).join(" ");
    if (chip.textContent !== text) Object.assign(chip, { textContent: text, wide: 0 });
    chip.wide ||= chip.offsetWidth;
    const box = each.box.map((value) => value * scale), high = 17, wide = chip.wide || 7 * text.length + 14;
    const [x, y] = spotFor(box, wide, high, size.map((side) => side * scale), taken);
    taken.push([x, y, wide]);
    Object.assign(chip.style, { left: `${x - box[0] - 2.5}px`, top: `${y - box[1] - 2.5}px` });
  }

  name(each) {
    const before = this.boxes.slice(0, this.boxes.indexOf(each)).filter(({ kind }) => kind === each.kind).length;
    const { short, numbered } = this.data.kinds[each.kind];
    return numbered ? `${short}${before + 1}` : short;
  }

  described(each) {
    const { kinds, words } = this.data, kind = kinds[each.kind], [x1, y1, x2, y2] = each.box.map((value) => Math.round(10 * value) / 10);
    const more = [words.length ? words[each.word] : "", kind.scored ? `score ${each.score.toFixed(2)}` : ""].filter(Boolean);
    const [wide, high] = [x2 - x1, y2 - y1].map((value) => Math.round(10 * value) / 10);
    return `${[`${this.name(each)}, ${kind.name}`, ...more].join(", ")}: from x ${x1}, y ${y1} to x ${x2}, y ${y2}; ${wide} wide, ${high} high`;
  }

  say(text) { this.told.textContent = text; }
}

function help(free, scored, classed) {
  const keys = ["Tab chooses a box, arrows move it, Shift and arrows resize it"];
  if (free) keys.push("N adds one, Delete removes it");
  if (scored) keys.push("digits, + and - change its score");
  if (classed) keys.push("C changes its class");
  const first = free ? "Drag a box or its handles; drag on empty ground to draw one." : "Drag a box or its handles.";
  return `${first} Keys: ${keys.join(", ")}, Ctrl+Z and Ctrl+Y go back and forth.`;
}
