// Copy the address of this page (a lab's state is its address), and save every chart on it as one picture.
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
    const charts = [...document.querySelectorAll(".js-plotly-plot")].filter((chart) => chart.offsetParent);
    if (!charts.length) { say("There is no chart on this page to save."); return; }
    say("Drawing the picture ...");
    const link = document.createElement("a");
    link.href = await picture(charts);
    link.download = window.location.pathname.split("/").pop() + ".png";
    link.click();
    say(`Saved ${link.download}.`);
  };
}

// A plotly chart is a few SVGs on top of each other that share their gradients: they become one drawing, charts below
// each other, and the drawing becomes a picture.
async function picture(charts, scale = 2, gap = 16) {
  const width = Math.max(...charts.map((chart) => chart.clientWidth));
  const height = charts.reduce((sum, chart) => sum + chart.clientHeight + gap, -gap);
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("width", width);
  drawing.setAttribute("height", height);
  let top = 0;
  for (const chart of charts) {
    for (const svg of chart.querySelectorAll(".main-svg")) {
      const copy = svg.cloneNode(true);
      copy.style.background = "none";
      copy.setAttribute("y", top);
      drawing.append(copy);
    }
    top += chart.clientHeight + gap;
  }
  const image = new Image();
  const text = new XMLSerializer().serializeToString(drawing).replaceAll(window.location.href.split("#")[0] + "#", "#");
  image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  pen.fillStyle = getComputedStyle(document.querySelector(".stApp")).backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL("image/png");
}
