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

// A plotly chart is a few SVGs on top of each other; they are painted in order on one canvas, charts below each other.
async function picture(charts, scale = 2, gap = 16) {
  const width = Math.max(...charts.map((chart) => chart.clientWidth));
  const height = charts.reduce((sum, chart) => sum + chart.clientHeight + gap, -gap);
  const canvas = document.createElement("canvas");
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = getComputedStyle(document.querySelector(".stApp")).backgroundColor;
  pen.fillRect(0, 0, width, height);
  let top = 0;
  for (const chart of charts) {
    for (const svg of chart.querySelectorAll(".main-svg")) {
      const copy = svg.cloneNode(true);
      copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
      copy.style.background = "none";
      const image = new Image();
      image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(new XMLSerializer().serializeToString(copy));
      await image.decode();
      pen.drawImage(image, 0, top, svg.clientWidth || chart.clientWidth, svg.clientHeight || chart.clientHeight);
    }
    top += chart.clientHeight + gap;
  }
  return canvas.toDataURL("image/png");
}
