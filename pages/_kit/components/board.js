// The board: grids of numbers and who is made of whom. Point at a value, or go there by keyboard, and every cell it is
// made of (or goes into) lights up. Python worked out every number, mark and sentence; here they are only shown.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".stepper");
  root.walker ??= new Board(root);
  root.walker.show(data, (edit) => setTriggerValue("edit", edit));
  return () => root.walker.pause();
}

class Board extends Grids { // this.over: the grid in which the cell this.at is selected
  show(data, send) {
    const back = this.held();
    const task = JSON.stringify([data.walk, data.order.length]);
    if (task !== this.task) {
      this.pause();
      [this.over, this.at] = [data.walk, data.start];
    }
    this.task = task;
    this.data = data;
    this.send = send;
    this.order = data.order;
    if (!data.links[this.over]?.[this.at]) [this.over, this.at] = [data.walk, this.order[0]];
    this.build();
    this.mark(this.at);
    back();
  }

  build() {
    const { data } = this;
    this.cells = {};
    const wide = (names) => names.reduce((sum, name) => sum + (name ? this.columns(name) : 0), 0);
    const rows = data.layout.map((names) => names.filter((name) => !data.grids[name]?.tiny)); // a matrix has its own size
    const widest = Math.max(...rows.flat().map((name) => (name ? this.columns(name) : 0)));
    const stacks = rows[0].map((_, stack) => Math.max(...rows.map((names) => (names[stack] ? this.columns(names[stack]) : 0))));
    const all = data.aligned ? stacks.reduce((sum, side) => sum + side) : Math.max(...rows.map(wide));
    this.root.dataset.size = widest > 12 || all > 20 ? "small" : widest > 9 || all > 16 ? "medium" : "large";
    this.root.style.setProperty("--all", all);
    this.sum = make("p", { className: data.brief ? "sum brief" : "sum" });
    this.sum.setAttribute("aria-live", "polite");
    const lines = data.layout.map((names) => make("div", { className: "grids" }, ...names.map((name) => this.dressed(name))));
    const table = data.layout.length > 1 && data.aligned;
    const body = table ? make("div", { className: "aligned" }, ...lines.flatMap((line) => [...line.children])) : make("div", {}, ...lines);
    if (table) body.style.setProperty("--stacks", Math.max(...data.layout.map((names) => names.length)));
    this.code = make("code", { className: "code" });
    this.root.replaceChildren(
      ...(this.order.length > 1 ? [this.bar()] : []),
      figure(this.sum, ...(data.coded ? [this.code] : []), body),
      make("p", { className: "legend", textContent: data.legend }),
    );
  }

  columns(name) { return this.data.grids[name].rows[0].length; }

  dressed(name) {
    if (!name) return make("section", { className: "nothing" });
    const { caption, rows, tiny } = this.data.grids[name];
    this.cells[name] = [];
    const section = this.grid(name, caption, rows, (cell, item) => {
      const place = this.cells[name].push(cell) - 1;
      if (item.kind) cell.classList.add(cell.dataset.kind = item.kind);
      if (item.tint !== undefined) cell.classList.add("tinted", `tint${item.tint}`);
      cell.style.setProperty("--shade", item.shade ?? 0);
      if (item.what) cell.what = item.what;
      if (item.edit) {
        const [grid, row, column] = item.edit;
        this.editable(cell, (text) => this.send({ grid, row, column, text }));
      }
      this.linked(cell, name, place);
    });
    if (tiny) section.classList.add("tiny");
    section.style.setProperty("--rows", rows.length);
    return section;
  }

  linked(cell, name, place) {
    const to = this.data.grids[name].acts ? [this.data.grids[name].acts, Math.floor(place / this.columns(name))] : [name, place];
    if (!this.data.links[to[0]]?.[to[1]]) return;
    const [over, at] = to;
    const choose = () => {
      if (over === this.over && at === this.at && this.seen === `${over} ${at}`) return;
      this.pause();
      this.select(at, over);
    };
    cell.classList.add("linked");
    cell.addEventListener("focus", choose);
    this.hovered(cell, () => { if (this.seen !== `${over} ${at}`) this.mark(at, over); }, () => { if (this.seen !== `${this.over} ${this.at}`) this.mark(this.at, this.over); });
  }

  select(at, over = this.data.walk) {
    this.over = over;
    super.select(at);
  }

  mark(at, over = this.over) {
    const { links, grids } = this.data;
    this.seen = `${over} ${at}`;
    for (const cell of this.root.querySelectorAll(".marked")) {
      cell.classList.remove("marked", "tap", "current", "stamped", "winner");
      cell.removeAttribute("aria-selected");
      if (!cell.querySelector("input")) this.write(cell, cell.text);
    }
    const { marks, terms, sign, total, after, code } = links[over][at];
    for (const [name, places] of Object.entries(marks)) {
      for (const [place, note, said, look] of places) {
        const cell = this.cells[name][place];
        cell.classList.add("marked", look ?? "tap");
        if (!cell.querySelector("input")) this.write(cell, cell.text, note, said ?? note?.replace("×", ", times "));
      }
    }
    const chosen = this.cells[over][at];
    chosen.classList.add("marked", "current");
    chosen.setAttribute("aria-selected", "true");
    this.sum.replaceChildren(make("span", { textContent: `${terms} ` }), 
      make("strong", { textContent: total ? `${sign} ${total}` : "" }), make("span", { textContent: after }));
    this.code.textContent = code ?? "";
    for (const [name, { tiny }] of Object.entries(grids)) if (tiny) this.follow(name);
    if (this.where) {
      const step = over === this.data.walk ? `Stop ${this.place() + 1} of ${this.order.length}: ` : `${grids[over].caption}, `;
      this.where.textContent = `${step}${chosen.what}`;
    }
  }

  follow(name) { // a wide matrix scrolls to what is marked
    const frame = this.cells[name][0].closest(".frame");
    const first = frame.querySelector(".tap");
    if (first && frame.scrollWidth > frame.clientWidth) frame.scrollLeft = first.offsetLeft - frame.clientWidth / 4;
  }

  place() { // while the pointer looks ahead, the bar tells what it looks at
    const at = Number(this.seen?.split(" ").at(-1) ?? this.at);
    return this.over === this.data.walk || this.seen?.startsWith(this.data.walk) ? this.order.filter((stop) => stop <= at).length - 1 : 0;
  }
}
