// A picture to point at: by pointer, by touch, and by keyboard with a cross. Python gets each place that is taken. A
// locked picture is only looked at; then regions may be framed on it, and the places that others took.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".click");
  root.pointing ??= new Pointing(root);
  root.pointing.send = (sent) => setTriggerValue("taken", sent);
  root.pointing.show(data);
}

const STEP = 0.02, FINE = 0.004; // shares of the picture by which an arrow moves the cross, and with Shift
const HELP = "Click on the picture, or use the keys: arrows move the cross (Shift: by less), Enter takes where it is.";
const WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

class Pointing {
  constructor(root) {
    this.paper = make("div", { className: "paper" });
    this.paper.dataset.figure = "";
    this.told = make("p", { className: "told" });
    this.told.setAttribute("role", "status");
    this.help = make("p", { className: "help", textContent: HELP });
    root.replaceChildren(this.paper, this.told, this.help);
    this.listen();
  }

  show(data) {
    if (this.data?.base !== data.base) this.at = data.place ?? [0.5, 0.5];
    this.data = data;
    this.paper.style.aspectRatio = `${data.size[0]} / ${data.size[1]}`;
    this.paper.style.backgroundImage = `url("${data.picture}")`;
    this.paper.classList.toggle("locked", data.locked);
    this.paper.tabIndex = data.locked ? -1 : 0;
    this.paper.setAttribute("role", data.locked ? "img" : "application");
    this.paper.setAttribute("aria-label", data.locked ? data.alt : `${data.alt} ${HELP}`);
    this.told.hidden = this.help.hidden = data.locked;
    this.draw(data.place);
  }

  draw(place) {
    const regions = this.data.regions.map(([left, top, right, bottom]) => put("region", [left, top], [right - left, bottom - top]));
    const points = this.data.points.map((point) => put("point", point));
    this.cross = put("cross", this.at);
    this.cross.hidden = this.data.locked;
    this.paper.replaceChildren(...regions, ...points, ...(place ? [put("mark", place)] : []), this.cross);
  }

  listen() {
    const { paper } = this;
    paper.onclick = (event) => {
      if (this.data.locked) return;
      const box = paper.getBoundingClientRect();
      this.move([(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]);
      this.take();
    };
    paper.onkeydown = (event) => {
      const way = WAYS[event.key], by = event.shiftKey ? FINE : STEP;
      if (this.data.locked || event.ctrlKey || event.metaKey || event.altKey) return;
      if (way) this.move([this.at[0] + by * way[0], this.at[1] + by * way[1]]);
      else if (event.key === "Enter" || event.key === " ") this.take();
      else return;
      event.preventDefault();
      event.stopPropagation(); // the page has shortcuts of its own
    };
  }

  move(to) {
    this.at = to.map((share) => Math.round(10_000 * clamp(share, 0, 1)) / 10_000);
    Object.assign(this.cross.style, { left: percent(this.at[0]), top: percent(this.at[1]) });
    this.told.textContent = `Cross at ${where(this.at)}.`;
  }

  take() {
    this.data.place = this.at;
    this.draw(this.at);
    this.told.textContent = `Taken: ${where(this.at)}.`;
    this.send({ base: this.data.base, place: this.at });
  }
}

function put(className, [x, y], size) {
  const element = make("span", { className });
  Object.assign(element.style, { left: percent(x), top: percent(y) });
  if (size) Object.assign(element.style, { width: percent(size[0]), height: percent(size[1]) });
  return element;
}

function percent(share) { return `${(100 * share).toFixed(2)}%`; }

function where([x, y]) { return `${Math.round(100 * x)} % from the left, ${Math.round(100 * y)} % from the top`; }
