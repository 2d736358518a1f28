// Maps of the same points side by side. A chosen point is marked in all of them, with lines to those that are nearest
// to it in truth, and its picture is shown with theirs. Choose by pointer, or by keyboard: the arrows go to the next
// point in that direction. New places are glided to, so that frames of a computation become a film.
export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".embedding");
  root.maps ??= new Maps(root);
  root.maps.show(data);
}

const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8A8F98", "#A6761D", "#9467BD", "#7A9A01"];
const GLIDE = 300; // milliseconds
const NEAR = 18; // pixels from which a pointer catches a point

function make(tag, what = {}, ...children) {
  const element = Object.assign(document.createElement(tag), what);
  element.append(...children);
  return element;
}

class Maps {
  constructor(root) {
    this.root = root;
    this.chosen = null;
    this.sheet = new Image();
    this.sheet.onload = () => this.pictures();
    new ResizeObserver(() => this.draw()).observe(root);
  }

  show(data) {
    const before = this.data;
    this.data = data;
    if (before?.maps.length !== data.maps.length || before?.classes.join() !== data.classes.join()) this.build();
    if (before?.first !== data.first || this.chosen >= data.labels.length) this.chosen = data.first;
    if (this.sheet.src !== data.sheet) this.sheet.src = data.sheet;
    data.maps.forEach((map, place) => {
      const panel = this.panels[place];
      panel.title.textContent = map.title;
      panel.told.textContent = map.told;
      panel.box.setAttribute("aria-label", map.alt);
      const smooth = before?.key === data.key && panel.xy?.length === map.xy.length &&
        !matchMedia("(prefers-reduced-motion: reduce)").matches;
      panel.from = smooth ? panel.xy.slice() : map.xy;
      panel.to = map.xy;
      panel.xy = panel.from.slice();
    });
    this.began = performance.now();
    this.glide();
    this.pictures();
  }

  build() {
    const legend = make("div", { className: "legend" }, ...this.data.classes.map((name, label) => {
      const mark = make("canvas", { width: 36, height: 36 });
      const pen = mark.getContext("2d");
      pen.scale(2, 2);
      this.glyph(pen, label, 9, 9, 14);
      return make("span", {}, mark, name);
    }));
    legend.setAttribute("aria-hidden", "true");
    this.panels = this.data.maps.map((map, place) => {
      const canvas = make("canvas"), title = make("p", { className: "title" }), told = make("p");
      const box = make("div", { className: "box", tabIndex: 0 }, canvas);
      box.setAttribute("role", "application");
      const panel = { canvas, title, told, box };
      canvas.onpointermove = (event) => this.point(panel, event);
      canvas.onpointerdown = (event) => this.point(panel, event);
      box.onkeydown = (event) => this.key(panel, event);
      panel.figure = make("figure", {}, title, box, told);
      return panel;
    });
    this.own = make("div", { className: "own" });
    this.said = make("p", { className: "said" });
    this.said.setAttribute("role", "status");
    const words = /^\d$/.test(this.data.classes[0]) ? [] : [legend]; // digits are their own legend
    const panels = make("div", { className: "panels" }, ...this.panels.map((panel) => panel.figure));
    panels.dataset.figure = "";
    this.root.replaceChildren(...words, panels, this.said, this.own);
  }

  glide() {
    cancelAnimationFrame(this.next);
    const share = Math.min(1, (performance.now() - this.began) / GLIDE);
    const eased = share * (2 - share);
    for (const panel of this.panels) {
      for (let i = 0; i < panel.to.length; i++) panel.xy[i] = panel.from[i] + (panel.to[i] - panel.from[i]) * eased;
    }
    this.draw();
    if (share < 1) this.next = requestAnimationFrame(() => this.glide());
  }

  draw() {
    if (!this.panels || !this.root.clientWidth) return;
    const style = getComputedStyle(this.root);
    const text = style.getPropertyValue("--st-text-color") || "#111111";
    for (const [place, panel] of this.panels.entries()) {
      const side = panel.box.clientWidth, sharp = window.devicePixelRatio || 1;
      if (panel.canvas.width !== Math.round(side * sharp)) panel.canvas.width = panel.canvas.height = Math.round(side * sharp);
      const pen = panel.canvas.getContext("2d");
      pen.setTransform(sharp, 0, 0, sharp, 0, 0);
      pen.clearRect(0, 0, side, side);
      const at = (i) => this.at(panel, i, side);
      const near = this.data.maps[place].near[this.chosen] ?? [];
      const size = this.data.labels.length > 500 ? 10 : this.data.labels.length > 250 ? 11 : 13;
      pen.globalAlpha = 0.9;
      this.data.labels.forEach((label, i) => this.glyph(pen, label, ...at(i), size));
      pen.globalAlpha = 1;
      const [x, y] = at(this.chosen);
      pen.strokeStyle = text;
      pen.lineWidth = 1.3;
      for (const other of near) {
        const [u, v] = at(other);
        pen.beginPath();
        pen.moveTo(x, y);
        pen.lineTo(u, v);
        pen.stroke();
      }
      pen.lineWidth = 2.5;
      pen.beginPath();
      pen.arc(x, y, 11, 0, 7);
      pen.stroke();
    }
  }

  at(panel, i, side) {
    const room = 14;
    return [room + panel.xy[2 * i] / 1000 * (side - 2 * room), room + (1 - panel.xy[2 * i + 1] / 1000) * (side - 2 * room)];
  }

  glyph(pen, label, x, y, size) {
    const half = size / 2, name = this.data.glyphs[label];
    pen.fillStyle = COLOURS[label % COLOURS.length];
    if (name.length === 1) {
      pen.font = `700 ${size + 1}px sans-serif`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(name, x, y);
      return;
    }
    const corners = {
      square: [[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8]],
      triangle: [[0, -1], [1, 0.8], [-1, 0.8]],
      star: [...Array(10).keys()].map((k) => [Math.sin(k * Math.PI / 5), -Math.cos(k * Math.PI / 5)].map((v) => v * (k % 2 ? 0.45 : 1.2))),
      person: [[-0.3, -1], [0.3, -1], [0.3, -0.3], [1, -0.3], [1, 0.3], [0.3, 0.3], [0.3, 1], [-0.3, 1], [-0.3, 0.3], [-1, 0.3], [-1, -0.3], [-0.3, -0.3]],
    }[name];
    pen.beginPath();
    if (corners) corners.forEach(([u, v], k) => pen[k ? "lineTo" : "moveTo"](x + u * half * 0.8, y + v * half * 0.8));
    else pen.arc(x, y, half * 0.7, 0, 7);
    pen.fill();
  }

  point(panel, event) {
    const frame = panel.canvas.getBoundingClientRect();
    const x = event.clientX - frame.left, y = event.clientY - frame.top;
    let best = null, least = NEAR ** 2;
    for (let i = 0; i < this.data.labels.length; i++) {
      const [u, v] = this.at(panel, i, panel.box.clientWidth);
      const far = (u - x) ** 2 + (v - y) ** 2;
      if (far < least) [best, least] = [i, far];
    }
    if (best !== null) this.choose(best);
  }

  key(panel, event) {
    const way = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!way) return;
    event.preventDefault();
    const side = panel.box.clientWidth, [x, y] = this.at(panel, this.chosen, side);
    let best = null, least = Infinity;
    for (let i = 0; i < this.data.labels.length; i++) {
      const [u, v] = this.at(panel, i, side), along = (u - x) * way[0] + (v - y) * way[1];
      const across = Math.abs((u - x) * way[1]) + Math.abs((v - y) * way[0]);
      if (i !== this.chosen && along > 0.5 && along + 2 * across < least) [best, least] = [i, along + 2 * across];
    }
    if (best !== null) this.choose(best);
  }

  choose(i) {
    if (i === this.chosen) return;
    this.chosen = i;
    this.draw();
    this.pictures();
  }

  pictures() {
    const { maps, labels, classes } = this.data, i = this.chosen;
    const rows = maps.map((map) => {
      const near = map.near[i] ?? [];
      const alike = near.filter((other) => labels[other] === labels[i]).length;
      return { name: map.short, near, alike };
    });
    const told = rows.map((row) => `${row.alike} of its ${row.near.length} nearest by ${row.name}`).join(", ");
    this.said.textContent = `Point ${i}: ${classes[labels[i]]}. Of its class are ${told}.`;
    if (!this.sheet.complete || !this.sheet.naturalWidth) return;
    const one = make("div", { className: "row one" }, make("span", { textContent: "chosen" }), this.tile(i, 64, true));
    this.own.replaceChildren(one, ...rows.map((row) => make("div", { className: "row" },
      make("span", { textContent: `nearest by ${row.name}` }),
      ...row.near.map((other) => this.tile(other, 44, labels[other] === labels[i])))));
  }

  tile(i, side, same) {
    const { tile: [high, wide], across } = this.data;
    const canvas = make("canvas", { width: wide, height: high, className: same ? "same" : "other" });
    canvas.style.width = canvas.style.height = `${side}px`;
    canvas.getContext("2d").drawImage(this.sheet, (i % across) * wide, Math.floor(i / across) * high, wide, high, 0, 0, wide, high);
    return canvas;
  }
}
