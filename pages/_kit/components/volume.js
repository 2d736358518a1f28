// Volumes as rows of small pictures. In the last one a cell can be chosen: by pointer, or by keyboard with the arrows
// (Page Up and Page Down go to another map). Python says what the chosen cell reads; here that is framed.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".volume");
  const focused = root.getRootNode().activeElement?.classList.contains("pick");
  root.replaceChildren(...data.groups.flatMap((group) => draw(group, (cell) => setTriggerValue("cell", cell))));
  if (focused) root.querySelector(".pick")?.focus({ preventScroll: true });
}

const SCALES = {
  ink: [[0, 34, 78], [87, 93, 109], [165, 156, 116], [254, 232, 56]],
  grey: [[0, 0, 0], [255, 255, 255]],
  signs: [[0, 114, 178], [217, 220, 224], [213, 94, 0]],
};

function colour(scale, share) {
  const stops = SCALES[scale];
  const at = Math.min(Math.max(share, 0), 1) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  return stops[low].map((value, channel) => value + (at - low) * (stops[low + 1][channel] - value));
}

function make(tag, what = {}, ...children) {
  const element = Object.assign(document.createElement(tag), what);
  element.append(...children);
  return element;
}

function draw(group, choose) {
  const { rows, columns, maps, chosen } = group;
  const size = Math.max(1, Math.min(Math.floor(group.width / columns), 26));
  const told = make("p", { textContent: group.told });
  const pictures = maps.map((values, map) => {
    const canvas = make("canvas", { width: columns, height: rows });
    canvas.style.width = `${columns * size}px`;
    canvas.style.height = `${rows * size}px`;
    paint(canvas, values, group);
    const picture = make("figure", {}, canvas, make("figcaption", { textContent: group.names[map] }));
    for (const frame of group.frames) {
      if (map < frame.maps[0] || map > frame.maps[1]) continue;
      const box = make("div", { className: frame.rows[0] === frame.rows[1] ? "frame" : "frame wide" });
      const clip = (span, most) => [Math.max(span[0], 0), Math.min(span[1], most - 1)];
      const [top, bottom] = clip(frame.rows, rows);
      const [left, right] = clip(frame.columns, columns);
      box.style.cssText = `top:${top * size}px;left:${left * size}px;` +
        `height:${(bottom - top + 1) * size}px;width:${(right - left + 1) * size}px`;
      picture.append(box);
    }
    const cell = (event) => {
      const box = canvas.getBoundingClientRect();
      const row = Math.min(Math.floor((event.clientY - box.top) / size), rows - 1);
      return { map, row, column: Math.min(Math.floor((event.clientX - box.left) / size), columns - 1) };
    };
    canvas.onpointermove = (event) => {
      const { row, column } = cell(event);
      told.textContent = `${group.names[map]}, row ${row}, column ${column}: ${values[row * columns + column]}`;
    };
    canvas.onpointerleave = () => { told.textContent = group.told; };
    if (chosen) canvas.onclick = (event) => choose(cell(event));
    if (chosen?.map === map) picture.className = "chosen";
    return picture;
  });
  const body = make("div", { className: chosen ? "maps pick" : "maps" }, ...pictures);
  body.setAttribute("role", chosen ? "application" : "img");
  body.setAttribute("aria-label", group.alt);
  body.dataset.figure = "";
  if (chosen) {
    body.tabIndex = 0;
    body.onkeydown = (event) => {
      const by = { ArrowUp: [0, -1, 0], ArrowDown: [0, 1, 0], ArrowLeft: [0, 0, -1], ArrowRight: [0, 0, 1],
        PageUp: [-1, 0, 0], PageDown: [1, 0, 0] }[event.key];
      if (!by) return;
      event.preventDefault();
      const clamp = (value, most) => Math.max(0, Math.min(value, most - 1));
      chosen.map = clamp(chosen.map + by[0], maps.length); // at once: the next key may come before the answer
      chosen.row = clamp(chosen.row + by[1], rows);
      chosen.column = clamp(chosen.column + by[2], columns);
      choose({ ...chosen });
    };
  }
  return [make("p", { className: "title", textContent: group.title }), body, told];
}

function paint(canvas, values, { scale, most }) {
  const pen = canvas.getContext("2d");
  const pixels = pen.createImageData(canvas.width, canvas.height);
  values.forEach((value, place) => {
    const share = scale === "signs" ? 0.5 + value / (2 * most) : value / most;
    pixels.data.set([...colour(scale, share), 255], place * 4);
  });
  pen.putImageData(pixels, 0, 0);
}
