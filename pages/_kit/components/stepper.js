// The stepper: three grids and a window that walks. Python computed every number; here they are only shown,
// highlighted, and compared with what a learner types.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".stepper");
  root.walker ??= new Stepper(root);
  root.walker.show(data, (edit) => setTriggerValue("edit", edit));
  return () => root.walker.pause();
}

class Stepper extends Grids { // this.at: a place in the output, or in the image when stamps are shown
  constructor(root) {
    super(root);
    this.answers = new Map();
  }

  show(data, send) {
    const back = this.held();
    const task = JSON.stringify([data.output.values, data.image, data.compute]);
    if (task !== this.task) this.answers.clear();
    if (data.view !== this.data?.view || task !== this.task) this.pause();
    this.task = task;
    this.data = data;
    this.send = send;
    this.order = data.stamps ? data.stamps.order : data.taps.map((_, stop) => stop);
    if (!this.order.includes(this.at)) this.at = this.order[0];
    this.build();
    this.mark(this.at);
    back();
  }

  build() {
    const { data } = this;
    this.stops = [];
    const sides = [data.ground.rows[0].length, data.kernel.rows[0].length, data.output.rows[0].length];
    const widest = Math.max(...sides);
    this.root.dataset.size = widest > 12 ? "small" : widest > 9 ? "medium" : "large";
    this.root.style.setProperty("--all", sides.reduce((sum, side) => sum + side)); // columns side by side
    const brief = data.stamps || data.kernel.laid.length < 5; // else there is room for all terms, so that nothing jumps
    this.sum = make("p", { className: brief ? "sum brief" : "sum" });
    this.sum.setAttribute("aria-live", "polite");
    this.root.replaceChildren(
      this.bar(),
      figure(this.sum, make("div", { className: "grids" }, this.ground(), this.kernel(), this.output())),
      make("p", { className: "legend", textContent: data.legend }),
      ...(data.compute ? [this.judge()] : []),
      ...(data.matrix ? [this.matrix()] : []),
    );
  }

  // --- the grids --------------------------------------------------------------------------------------------------
  ground() {
    const { data } = this;
    const kept = (cell) => !data.stamps || cell.kind === "own"; // stamps start from the image itself
    const rows = data.ground.rows.map((row) => row.filter(kept)).filter((row) => row.length);
    return this.grid("image", data.captions.ground, rows, (cell, item) => {
      cell.classList.add(cell.dataset.kind = item.kind);
      cell.style.setProperty("--shade", item.shade);
      cell.what = item.at ? `row ${item.at[0] + 1}, column ${item.at[1] + 1}` : KINDS[item.kind];
      if (item.at) this.editable(cell, (text) => this.send({ grid: "image", row: item.at[0], column: item.at[1], text }));
      if (data.stamps) {
        const stop = item.at[0] * data.image.columns + item.at[1];
        this.stops[stop] = cell;
        cell.onfocus = () => { if (stop !== this.at) { this.pause(); this.select(stop); } };
      }
    });
  }

  kernel() {
    return this.grid("kernel", this.data.captions.kernel, this.data.kernel.rows, (cell, _, row, column) => {
      this.editable(cell, (text) => this.send({ grid: "kernel", row, column, text }));
    });
  }

  output() {
    const { data } = this;
    const columns = data.output.rows[0].length;
    return this.grid("output", data.captions.output, data.output.rows, (cell, text, row, column) => {
      const stop = row * columns + column;
      cell.style.setProperty("--shade", data.stamps ? 0 : data.output.shades[stop]); // stamps are still adding up
      cell.stop = stop;
      if (data.stamps) return;
      this.stops[stop] = cell;
      cell.onfocus = () => { if (stop !== this.at) { this.pause(); this.select(stop); } };
      this.hovered(cell, () => { if (this.seen !== stop) this.mark(stop); }, () => { if (this.seen !== this.at) this.mark(this.at); });
      if (data.compute) {
        this.editable(cell, (typed) => { this.answers.set(stop, this.judged(stop, typed)); this.mark(this.at); });
        this.answer(cell);
      }
    });
  }

  // --- highlighting -----------------------------------------------------------------------------------------------
  mark(stop) {
    const { data } = this;
    this.seen = stop; // the one that is shown: selected, or under the pointer
    for (const cell of this.root.querySelectorAll(".tap, .current, .stamped")) {
      cell.classList.remove("tap", "current", "stamped");
      cell.removeAttribute("aria-selected");
      if (cell.dataset.grid === "image" && !cell.querySelector("input")) this.write(cell, cell.text);
    }
    this.stops[stop]?.classList.add("current");
    this.stops[stop]?.setAttribute("aria-selected", "true");
    if (data.stamps) this.markStamp(stop);
    else this.markWindow(stop);
    if (this.score) this.tell();
  }

  markWindow(stop) {
    const { data } = this;
    const cells = this.root.querySelectorAll('.cell[data-grid="image"]');
    data.taps[stop].forEach((place, tap) => {
      const cell = cells[place];
      cell.classList.add("tap");
      const weight = data.kernel.laid[tap];
      if (!cell.querySelector("input")) this.write(cell, cell.text, `×${weight}`, `, times ${weight}`);
    });
    const { terms, sign, total } = data.sums[stop];
    const known = !data.compute || ["right", "shown"].includes(this.answers.get(stop)?.mark);
    this.sum.replaceChildren(make("span", { textContent: `${terms} ` }),
      make("strong", { textContent: known ? `${sign} ${total}` : "= ?" }));
    const [row, column] = [this.stops[stop].dataset.row, this.stops[stop].dataset.column];
    this.where.textContent = `Stop ${stop + 1} of ${data.taps.length}: row ${+row + 1}, column ${+column + 1}`;
    if (data.compute) this.stops.forEach((cell) => this.answer(cell));
    this.markMatrix(stop);
  }

  markStamp(stop) {
    const { steps } = this.data.stamps;
    const { adds, totals, told } = steps[stop];
    for (const cell of this.root.querySelectorAll('.cell[data-grid="output"]')) {
      const added = adds[cell.stop];
      cell.classList.toggle("stamped", added !== undefined);
      this.write(cell, totals[cell.stop], added, added === undefined ? "" : `, of which ${added} now`);
    }
    this.sum.textContent = told;
    this.where.textContent = `Stamp ${this.place() + 1} of ${this.order.length}: ${this.stops[stop].what}`;
  }

  // --- let me compute ---------------------------------------------------------------------------------------------
  judged(stop, typed) {
    const [top, bottom = "1"] = typed.replace(",", ".").split("/");
    const right = Math.abs(Number(top) / Number(bottom) - this.data.output.values[stop]) < 0.006; // two decimals do
    return { text: typed, mark: right ? "right" : "wrong" };
  }

  answer(cell) {
    if (cell.querySelector("input")) return;
    const { text, mark } = this.answers.get(cell.stop) ?? { text: "?", mark: "hidden" };
    cell.text = text;
    cell.classList.remove("right", "wrong", "shown", "hidden");
    cell.classList.add(mark);
    this.write(cell, text, { right: "✓", wrong: "✗" }[mark], { right: ", right", wrong: ", not right" }[mark]);
    const row = this.results?.[cell.stop];
    if (row) row.textContent = mark === "right" || mark === "shown" ? this.data.sums[cell.stop].total : "?";
  }

  judge() {
    const reveal = (stops) => {
      for (const stop of stops) {
        if (this.answers.get(stop)?.mark !== "right") {
          this.answers.set(stop, { text: this.data.sums[stop].total, mark: "shown" });
        }
      }
      this.mark(this.at);
    };
    this.score = make("span", { className: "where" });
    this.score.setAttribute("role", "status");
    const bar = make("div", { className: "bar" },
      button("Show this value", () => reveal([this.at])),
      button("Show all", () => reveal(this.order)),
      this.score);
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Let me compute");
    return bar;
  }

  tell() {
    const right = [...this.answers.values()].filter(({ mark }) => mark === "right").length;
    const text = `${right} of ${this.order.length} right.`;
    if (this.score.textContent !== text) this.score.textContent = text;
  }

  // --- as a matrix ------------------------------------------------------------------------------------------------
  matrix() {
    const { matrix, captions } = this.data;
    this.results = null;
    this.lines = [];
    if (matrix.refused) return make("p", { className: "legend", textContent: matrix.refused });
    const head = (text, scope) => Object.assign(make("th", { textContent: text }), { scope });
    const top = make("tr", {}, head("image", "row"), ...matrix.image.map((text) => make("td", { textContent: text })),
      make("td", { className: "result", textContent: "sum" }));
    this.top = [...top.querySelectorAll("td")];
    this.results = matrix.entries.map((_, stop) =>
      make("td", { className: "result", textContent: this.data.compute ? "?" : this.data.sums[stop].total }));
    this.lines = matrix.entries.map((entries, stop) => {
      const cells = entries.map((text) => make("td", { textContent: text, className: text === "0" ? "nothing" : "" }));
      const line = make("tr", {}, head(String(stop + 1), "row"), ...cells, this.results[stop]);
      line.onclick = () => { this.pause(); this.select(stop); };
      return line;
    });
    const table = make("table", {}, make("thead", {}, top), make("tbody", {}, ...this.lines));
    const scroll = make("div", { className: "scroll", tabIndex: 0 }, table);
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", "Matrix");
    return figure(make("p", { className: "legend", textContent: captions.matrix }), scroll);
  }

  markMatrix(stop) {
    if (!this.data.matrix || !this.lines?.length) return;
    this.lines[stop].classList.add("current");
    const scroll = this.lines[stop].closest(".scroll");
    const first = this.lines[stop].querySelector("td:not(.nothing)");
    if (first) scroll.scrollLeft = first.offsetLeft - scroll.clientWidth / 4;
    this.top.forEach((cell, column) => {
      const entry = this.data.matrix.entries[stop][column];
      if (entry !== undefined && entry !== "0") cell.classList.add("tap");
    });
  }
}

const KINDS = { edge: "padding", hole: "inserted zero" };
