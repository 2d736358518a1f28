// What our components of number grids share: a walk from stop to stop, cells that the keyboard reaches, typing into
// them. Keyboard: arrows move, Enter or typing edits, Escape gives up.
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

class Grids {
  constructor(root) {
    this.root = root;
    this.at = 0; // which stop is selected
  }

  held() { // the way back to the cell that has the focus, once everything is drawn anew
    const focus = this.root.getRootNode().activeElement;
    const { grid, row, column } = focus?.dataset ?? {};
    return () => { if (grid) this.cell(grid, row, column)?.focus({ preventScroll: true }); };
  }

  // --- the walk ---------------------------------------------------------------------------------------------------
  bar() {
    const go = (label, move) => button(label, () => { this.pause(); this.select(move()); });
    const step = (by) => this.order[clamp(this.place() + by, 0, this.order.length - 1)];
    this.play = button(this.timer ? "Pause" : "Play", () => (this.timer ? this.pause() : this.start()));
    this.where = make("span", { className: "where" });
    const bar = make("div", { className: "bar" },
      go("First", () => this.order[0]), go("Back", () => step(-1)), this.play,
      go("Next", () => step(1)), go("Last", () => this.order.at(-1)), this.where);
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Walk");
    return bar;
  }

  place() { // of the selected stop in the walk; a stop that the walk leaves out counts as the one before it
    return this.order.filter((stop) => stop <= this.at).length - 1;
  }

  start() {
    if (this.place() === this.order.length - 1) this.select(this.order[0]);
    this.timer = setInterval(() => {
      if (!this.root.isConnected || this.place() === this.order.length - 1) return this.pause();
      this.select(this.order[this.place() + 1]);
    }, calm.matches ? 1600 : 900);
    this.play.textContent = "Pause";
    this.sum.setAttribute("aria-live", "off"); // a reader is not flooded while it plays
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    if (this.play) this.play.textContent = "Play";
    this.sum?.setAttribute("aria-live", "polite");
  }

  select(stop) {
    this.at = stop;
    this.mark(stop);
  }

  // --- the grids --------------------------------------------------------------------------------------------------
  grid(name, caption, rows, dress) {
    const body = make("div", { className: "grid" });
    body.setAttribute("role", "grid");
    body.setAttribute("aria-label", caption);
    rows.forEach((items, row) => {
      const line = make("div", { className: "row" });
      line.setAttribute("role", "row");
      items.forEach((item, column) => {
        const text = item.text ?? item;
        const cell = make("div", { className: "cell", tabIndex: row || column ? -1 : 0 });
        cell.setAttribute("role", "gridcell");
        Object.assign(cell.dataset, { grid: name, row, column });
        cell.text = text;
        cell.what = `row ${row + 1}, column ${column + 1}`;
        cell.onkeydown = (event) => this.travel(event, cell);
        cell.addEventListener("focus", () => this.rove(cell));
        dress(cell, item, row, column);
        this.write(cell, cell.text);
        line.append(cell);
      });
      body.append(line);
    });
    const frame = make("div", { className: "frame" }, body);
    const section = make("section", { className: name }, make("p", { className: "caption", textContent: caption }), frame);
    section.style.setProperty("--columns", rows[0].length);
    return section;
  }

  write(cell, text, note = "", said = "") {
    cell.classList.toggle("long", text.length > 3);
    const parts = [make("span", { className: "value", textContent: text })];
    if (note) parts.push(make("span", { className: "note", textContent: note }));
    cell.replaceChildren(...parts);
    cell.setAttribute("aria-label", `${cell.what}, value ${text === "?" ? "not known yet" : text}${said}`);
  }

  hovered(cell, mark, unmark) { // a pointer at rest under a redrawn grid has not chosen anything
    cell.onpointermove = (event) => {
      const pointer = `${event.clientX} ${event.clientY}`;
      const moved = pointer !== this.pointer;
      this.pointer = pointer;
      if (moved && !this.timer) mark();
    };
    cell.onpointerleave = () => { if (!this.timer) unmark(); };
  }

  cell(grid, row, column) {
    return this.root.querySelector(`.cell[data-grid="${grid}"][data-row="${row}"][data-column="${column}"]`);
  }

  rove(cell) { // one cell of each grid is in the tab order
    const grid = cell.closest(".grid");
    grid.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    cell.tabIndex = 0;
  }

  travel(event, cell) {
    if (event.target !== cell || event.ctrlKey || event.metaKey || event.altKey) return;
    const { grid, row, column } = cell.dataset;
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const line = cell.parentElement.children;
    const next = by ? this.cell(grid, +row + by[0], +column + by[1])
      : event.key === "Home" ? line[0] : event.key === "End" ? line[line.length - 1] : null;
    const typed = /^[-+.,/0-9]$/.test(event.key);
    if (by || next) next?.focus();
    else if (cell.edit && (event.key === "Enter" || event.key === "F2")) cell.edit();
    else if (cell.edit && typed) cell.edit(event.key);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // --- editing ----------------------------------------------------------------------------------------------------
  editable(cell, commit) {
    let focused = false; // a tap on the cell that has the focus edits it, so touch needs no keyboard
    cell.onpointerdown = () => { focused = cell.getRootNode().activeElement === cell; };
    cell.onclick = () => { if (focused) cell.edit(); };
    cell.ondblclick = () => cell.edit();
    cell.classList.add("editable");
    cell.edit = (first) => {
      if (cell.querySelector("input")) return;
      this.pause();
      const before = cell.text === "?" ? "" : cell.text;
      const field = make("input", { value: first ?? before, maxLength: 13, autocomplete: "off", spellcheck: false });
      field.setAttribute("aria-label", `New value, ${cell.dataset.grid}, ${cell.what}`);
      cell.replaceChildren(field);
      let open = true;
      const close = (keep, stay) => {
        if (!open) return;
        open = false;
        const text = field.value.trim();
        this.write(cell, keep && text ? text : cell.text);
        if (stay) cell.focus();
        if (keep && text && text !== before) commit(text);
        else this.mark(this.at);
      };
      field.onkeydown = (event) => {
        event.stopPropagation(); // the page has shortcuts of its own
        if (event.key === "Enter") close(true, true);
        if (event.key === "Escape") close(false, true);
      };
      field.onblur = () => close(true, false);
      field.focus();
      if (first === undefined) field.select();
    };
  }
}

const clamp = (value, least, most) => Math.max(least, Math.min(most, value));

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function figure(...children) { // what the toolbar saves as a picture
  const element = make("div", {}, ...children);
  element.dataset.figure = "";
  return element;
}

function button(text, onclick) {
  return make("button", { type: "button", textContent: text, onclick });
}
