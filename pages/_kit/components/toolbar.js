// Copy the address of this page (a lab's state is its address), and save every figure on it as one picture.
export default function ({ parentElement }) {
  const said = parentElement.querySelector("[role=status]");
  const say = (text) => { said.textContent = text; };
  parentElement.querySelector(".copy").onclick = async () => {
    const address = window.location.href;
    try {
      await navigator.clipboard.writeText(address);
      say("Link copied. It opens this lab with these settings.");
    } catch {
      say(address); // no permission, or no https: show it, so that it can be selected
    }
  };
  parentElement.querySelector(".save").onclick = async () => {
    say("Drawing the picture ...");
    const figures = await drawnFigures();
    if (!figures.length) { say("There is no figure on this page to save."); return; }
    const link = document.createElement("a");
    link.href = await picture(figures);
    link.download = window.location.pathname.split("/").pop() + ".png";
    link.click();
    say(`Saved ${link.download}.`);
  };
}

// A page that was opened just now may still fetch what draws its charts.
async function drawnFigures(patience = 5000) {
  for (const until = performance.now() + patience; performance.now() < until;) {
    const figures = findFigures();
    if (figures.length) return figures;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return [];
}

// Charts, pictures, and what our own components mark with data-figure inside their shadow roots, from top to bottom.
function findFigures() {
  const hosts = [...document.querySelectorAll("*")].filter((element) => element.shadowRoot);
  const own = hosts.flatMap((host) => [...host.shadowRoot.querySelectorAll("[data-figure]")]);
  const visible = [...document.querySelectorAll(".js-plotly-plot, .shots img, img.shot"), ...own].filter((figure) => figure.offsetParent);
  return visible.sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top);
}

async function picture(figures, scale = 2, gap = 16) {
  const width = Math.max(...figures.map((figure) => figure.clientWidth));
  const height = figures.reduce((sum, figure) => sum + figure.clientHeight + gap, -gap);
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = getComputedStyle(document.querySelector(".stApp")).backgroundColor;
  pen.fillRect(0, 0, width, height);
  let top = 0;
  for (const figure of figures) {
    if (figure.matches("img")) pen.drawImage(figure, 0, top, figure.clientWidth, figure.clientHeight);
    else if (figure.matches(".js-plotly-plot")) await paintChart(pen, figure, top);
    else if (figure.matches(".plot")) await paintPlot(pen, figure, top);
    else paintBoxes(pen, figure, top);
    top += figure.clientHeight + gap;
  }
  return canvas.toDataURL("image/png");
}

// A plotly chart is a few SVGs on top of each other that share their gradients: together they are one drawing.
async function paintChart(pen, chart, top) {
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("width", chart.clientWidth);
  drawing.setAttribute("height", chart.clientHeight);
  for (const svg of chart.querySelectorAll(".main-svg")) {
    const copy = svg.cloneNode(true);
    copy.style.background = "none";
    drawing.append(copy);
  }
  await paintDrawing(pen, drawing, chart, top);
}

// A chart of ours is one SVG, on top of small pictures. Its colours are the theme's: in the copy they are written out.
async function paintPlot(pen, chart, top) {
  pen.imageSmoothingEnabled = false;
  for (const grid of chart.querySelectorAll("canvas"))
    pen.drawImage(grid, grid.offsetLeft, top + grid.offsetTop, grid.offsetWidth, grid.offsetHeight);
  const drawing = chart.querySelector("svg"), copy = drawing.cloneNode(true), copies = copy.querySelectorAll("*");
  drawing.querySelectorAll("*").forEach((element, place) => {
    for (const name of ["fill", "stroke"])
      if (element.getAttribute(name)?.includes("var(")) copies[place].setAttribute(name, getComputedStyle(element)[name]);
  });
  await paintDrawing(pen, copy, chart, top);
}

async function paintDrawing(pen, drawing, chart, top) {
  const image = new Image();
  const text = new XMLSerializer().serializeToString(drawing).replaceAll(window.location.href.split("#")[0] + "#", "#");
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  await image.decode();
  pen.drawImage(image, 0, top, chart.clientWidth, chart.clientHeight);
}

// A figure made of elements is boxes and words: every element with its colours, its frame and its own words, in order.
function paintBoxes(pen, figure, top) {
  const origin = figure.getBoundingClientRect();
  const place = (box) => [box.left - origin.left, box.top - origin.top + top, box.width, box.height];
  pen.save();
  pen.beginPath();
  pen.rect(0, top, origin.width, origin.height); // what is scrolled out of sight stays out
  pen.clip();
  for (const element of [figure, ...figure.querySelectorAll("*")]) {
    const style = getComputedStyle(element);
    if (style.visibility !== "visible") continue;
    const [x, y, w, h] = place(element.getBoundingClientRect());
    pen.fillStyle = style.backgroundColor;
    pen.fillRect(x, y, w, h);
    pen.imageSmoothingEnabled = style.imageRendering !== "pixelated";
    if (element.matches("canvas")) pen.drawImage(element, x, y, w, h);
    const mark = style.boxShadow.match(/^(\w+\([^)]*\)) 0px 0px 0px ([\d.]+)px inset/); // a frame drawn as a shadow
    for (const [colour, wide] of [[style.borderTopColor, style.borderTopWidth], mark ? [mark[1], mark[2]] : ["", "0"]]) {
      const line = parseFloat(wide);
      if (!line) continue;
      pen.lineWidth = line;
      pen.strokeStyle = colour;
      pen.strokeRect(x + line / 2, y + line / 2, w - line, h - line);
    }
    pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    pen.fillStyle = style.color;
    for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) paintWords(pen, node, place);
  }
  pen.restore();
}

function paintWords(pen, node, place) {
  pen.textBaseline = "middle";
  for (const word of node.textContent.matchAll(/\S+/g)) {
    const range = document.createRange();
    range.setStart(node, word.index);
    range.setEnd(node, word.index + word[0].length);
    const [x, y, , h] = place(range.getBoundingClientRect());
    pen.fillText(word[0], x, y + h / 2);
  }
}
