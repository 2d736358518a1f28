// What a chart shows, trace by trace: bars, dots and lines, grids of values, and their samples in the legend.
const FEW = 500; // cells of a grid that are drawn one by one

class Marks {
  bars() { // where every bar begins and ends, in numbers of its axes
    const places = new Map();
    for (const trace of this.traces) {
      if (trace.type !== "bar") continue;
      const [x, y] = [this.axes[trace.xaxis ?? "x"], this.axes[trace.yaxis ?? "y"]];
      const [along, across] = trace.orientation === "h" ? [x, y] : [y, x];
      const name = `${x.id} ${y.id}`;
      places.set(name, [...(places.get(name) ?? []), Object.assign(trace, { along, across })]);
    }
    const mode = this.layout.barmode ?? "group";
    for (const group of places.values()) {
      const own = (trace) => (trace.across.letter === "x" ? trace.x : trace.y).map((value) => trace.across.number(value));
      const sorted = [...new Set(group.flatMap(own))].sort((a, b) => a - b);
      const apart = Math.min(1e9, ...sorted.slice(1).map((value, place) => value - sorted[place]));
      const room = (apart === 1e9 ? 1 : apart) * (1 - (this.layout.bargap ?? 0.2));
      const piles = new Map(), beside = mode === "group" && sorted.length < group.flatMap(own).length; // side by side
      group.forEach((trace, place) => {
        const values = trace.along.letter === "x" ? trace.x : trace.y;
        trace.boxes = own(trace).map((middle, index) => {
          const value = values[index], wide = trace.width ?? (beside ? room / group.length : room);
          const shift = beside ? ((place - (group.length - 1) / 2) * room) / group.length : 0;
          const from = mode === "stack" ? piles.get(middle) ?? 0 : 0, to = from + (value ?? 0);
          piles.set(middle, to);
          return { from, to, low: middle + shift - wide / 2, high: middle + shift + wide / 2, middle };
        });
        trace.apart = apart === 1e9 ? 1 : apart;
      });
    }
  }

  extent(trace, letter) { // the numbers a trace reaches on an axis, and whether it wants room around them
    const axis = this.axes[trace[`${letter}axis`] ?? letter];
    if (trace.type === "heatmap") {
      const count = letter === "x" ? trace.z[0].length : trace.z.length;
      const first = trace[`${letter}0`] ?? 0, step = trace[`d${letter}`] ?? 1;
      return [[first - step / 2, first + (count - 0.5) * step], false];
    }
    if (trace.type === "bar") {
      const along = trace.along === axis;
      return [trace.boxes.flatMap((box) => (along ? [axis.log ? Math.log10(box.to) : box.to] : [box.middle - trace.apart / 2, box.middle + trace.apart / 2])), along];
    }
    const values = (trace[letter] ?? []).map((value) => axis.number(value));
    return [values, letter === "y" || /markers|text/.test(trace.mode ?? "lines")];
  }

  colourOf(trace, place) { return of(trace.marker?.color, place) ?? of(trace.line?.color, place) ?? trace.colour; }

  fill(trace, place) { // a colour, or a pattern on it
    const colour = this.colourOf(trace, place), pattern = trace.marker?.pattern, shape = of(pattern?.shape, place);
    if (!shape) return colour;
    const name = [shape, pattern.bgcolor ?? colour, pattern.fgcolor ?? "#FFFFFF", pattern.size ?? 8, pattern.solidity ?? 0.3].join(" ");
    if (!this.hatches.has(name)) {
      const id = `hatch${this.hatches.size}`, size = pattern.size ?? 8, ink = pattern.fgcolor ?? "#FFFFFF", wide = size * (pattern.solidity ?? 0.3) * 0.7;
      const lines = { "/": `M${-size / 4},${size / 4}L${size / 4},${-size / 4}M0,${size}L${size},0M${size * 0.75},${size * 1.25}L${size * 1.25},${size * 0.75}`,
        x: `M0,${size}L${size},0M0,0L${size},${size}` }[shape];
      const marks = lines ? tag("path", { d: lines, stroke: ink, "stroke-width": wide }) : tag("circle", { cx: size / 2, cy: size / 2, r: wide, fill: ink });
      this.defs.push(tag("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" },
        tag("rect", { width: size, height: size, fill: pattern.bgcolor ?? colour }) + marks));
      this.hatches.set(name, `url(#${id})`);
    }
    return this.hatches.get(name);
  }

  bar(trace) {
    const { along, across } = trace, flat = along.letter === "x", texts = [];
    const outline = trace.marker?.line?.width ? { stroke: of(trace.marker.line.color, 0) ?? TEXT, "stroke-width": trace.marker.line.width } : {};
    const number = (value) => (along.log ? (value > 0 ? Math.log10(value) : along.range[0]) : value);
    const [least, most] = [...along.range].sort((a, b) => a - b), inside = (value) => Math.min(Math.max(value, least), most);
    const bars = trace.boxes.map((box, place) => {
      const [from, to] = [along.at(inside(number(box.from))), along.at(inside(number(box.to)))];
      const [low, high] = [across.at(box.low), across.at(box.high)].sort((a, b) => a - b);
      const [start, end] = [Math.min(from, to), Math.max(from, to)];
      const place_ = flat ? { x: start, y: low, width: end - start, height: high - low } : { x: low, y: start, width: high - low, height: end - start };
      this.hot.push({ trace, place, ...place_ });
      const said = of(trace.text, place), where = trace.textposition ?? "none";
      if (said !== undefined && said !== "" && where !== "none") texts.push(this.barText(trace, String(said), where, flat, to >= from, place_, place));
      return end - start < 0.01 ? "" : tag("rect", { ...place_, fill: this.fill(trace, place), ...outline });
    });
    return tag("g", { opacity: trace.opacity }, bars.join("")) + texts.join("");
  }

  barText(trace, said, where, flat, forward, box, place) {
    const size = trace.textfont?.size ?? 12, long = flat ? box.width : box.height;
    const inside = where === "inside" || (where === "auto" && this.width(said, size) + 8 < long);
    if (inside) {
      const middle = trace.insidetextanchor === "middle";
      const x = !flat || middle ? box.x + box.width / 2 : box.x + box.width - 4;
      const y = flat || middle ? box.y + box.height / 2 : box.y + 4;
      return this.words(said, x, y, { size, colour: of(trace.textfont?.color, place) ?? ink(this.colourOf(trace, place)),
        across: !flat || middle ? "middle" : "end", up: flat || middle ? "middle" : "top" });
    }
    const end = Math.min(box.x + box.width + 4, this.full.wide - this.width(said, size)); // never cut at the edge
    const x = flat ? (forward ? end : box.x - 4) : box.x + box.width / 2;
    const y = flat ? box.y + box.height / 2 : forward === this.rises(trace) ? box.y - 2 : box.y + box.height + 2;
    return this.words(said, x, y, { size, across: flat ? (forward ? "start" : "end") : "middle",
      up: flat ? "middle" : forward === this.rises(trace) ? "bottom" : "top", colour: of(trace.textfont?.color, place) ?? TEXT });
  }

  rises(trace) { const { range } = trace.along; return trace.along.down && range[1] < range[0]; } // pixels grow downwards

  scatter(trace) {
    const [x, y] = [this.axes[trace.xaxis ?? "x"], this.axes[trace.yaxis ?? "y"]];
    const points = (trace.x ?? []).map((value, place) => [x.at(x.number(value)), y.at(y.number(trace.y[place]))]);
    const mode = trace.mode ?? "lines", parts = [];
    if (mode.includes("lines")) parts.push(tag("path", { d: path(points, trace), fill: "none", ...stroke(trace, trace.line?.color ?? trace.marker?.color ?? trace.colour) }));
    if (mode.includes("markers")) points.forEach((point, place) => {
      if (Number.isFinite(point[0] + point[1])) parts.push(this.marker(trace, place, ...point, of(trace.marker?.size, place) ?? 6));
    });
    const clip = trace.cliponaxis === false ? undefined : this.clip(x, y);
    let drawn = tag("g", { opacity: trace.opacity, "clip-path": mode.includes("lines") ? clip : undefined }, parts.join(""));
    if (mode.includes("text")) drawn += points.map(([left, top], place) => {
      const [up = "middle", across = "center"] = (of(trace.textposition, place) ?? "middle center").split(" ");
      const far = (of(trace.marker?.size, place) ?? 6) / 2 + 3, size = of(trace.textfont?.size, place) ?? 12;
      const colour = of(trace.textfont?.color, place) ?? TEXT, said = of(trace.text, place);
      return said === undefined || said === "" || !Number.isFinite(left + top) ? "" : this.words(said, left + { left: -far, center: 0, right: far }[across], top + { top: -far, middle: 0, bottom: far }[up],
        { size, colour, across: { left: "end", center: "middle", right: "start" }[across], up: { top: "bottom", middle: "middle", bottom: "top" }[up] });
    }).join("");
    if (trace.hoverinfo !== "skip") points.forEach(([left, top], place) => {
      if (Number.isFinite(left + top)) this.hot.push({ trace, place, x: left, y: top, near: Math.max(14, (of(trace.marker?.size, place) ?? 0) / 2) });
    });
    return drawn;
  }

  marker(trace, place, x, y, size) {
    const [, shape, open] = (of(trace.marker?.symbol, place) ?? "circle").match(/^(.*?)(-open)?$/);
    const colour = this.colourOf(trace, place), line = trace.marker?.line ?? {}, thin = shape === "x-thin" || shape === "line-ns";
    const half = size / 2, wide = of(line.width, place) ?? (open ? 1.5 : 0), edge = of(line.color, place) ?? (open ? colour : TEXT);
    const look = { opacity: of(trace.marker?.opacity, place), fill: open ? "none" : colour, stroke: wide ? (open ? colour : edge) : undefined, "stroke-width": wide || undefined };
    if (thin) Object.assign(look, { fill: "none", stroke: edge, "stroke-width": wide || 1 });
    if (shape === "circle") return tag("circle", { cx: x, cy: y, r: half, ...look });
    if (shape === "square") return tag("rect", { x: x - half, y: y - half, width: size, height: size, ...look });
    const at = (...spots) => spots.map(([right, down], index) => `${index ? "L" : "M"}${round(x + right * half)},${round(y + down * half)}`).join("");
    const cross = at([-1, -1], [1, 1]) + at([-1, 1], [1, -1]);
    const d = { diamond: at([0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]) + "Z", "triangle-up": at([0, -1.15], [1.1, 0.75], [-1.1, 0.75]) + "Z",
      x: cross, "x-thin": cross, "line-ns": at([0, -1], [0, 1]) }[shape];
    return tag("path", { d, ...look, ...(shape === "x" ? { stroke: colour, "stroke-width": size * 0.3 } : {}) });
  }

  clip(x, y) { // what lies outside the axes is not shown; half a line more is
    const [left, right] = x.span(), [low, high] = y.span(), id = `clip-${x.id}-${y.id}`;
    const given = { x: left - 2, y: Math.min(low, high) - 2, width: Math.max(0, right - left) + 4, height: Math.abs(low - high) + 4 }; // a column that opens is narrow at first
    if (!this.defs.some((each) => each.includes(`"${id}"`))) this.defs.push(tag("clipPath", { id }, tag("rect", given)));
    return `url(#${id})`;
  }

  heatmap(trace) { // few cells are boxes; many are a small picture below the drawing, which the browser enlarges
    const [x, y] = [this.axes[trace.xaxis ?? "x"], this.axes[trace.yaxis ?? "y"]];
    const flat = trace.z.flat(), low = trace.zmin ?? Math.min(...flat), high = trace.zmax ?? Math.max(...flat);
    const scale = typeof trace.colorscale === "string" ? SCALES[trace.colorscale] : trace.colorscale ?? SCALES.Cividis;
    const [left, top, right, down] = [trace.x0 ?? 0, trace.y0 ?? 0, trace.dx ?? 1, trace.dy ?? 1];
    const [rows, columns] = [trace.z.length, trace.z[0].length], gaps = [trace.xgap ?? 0, trace.ygap ?? 0];
    const edges = (axis, first, step, count) => Array.from({ length: count + 1 }, (_, place) => axis.at(first + (place - 0.5) * step));
    const [across, along] = [edges(x, left, right, columns), edges(y, top, down, rows)];
    const colour = (value) => tint(scale, (value - low) / (high - low || 1));
    this.hot.push({ trace, across, along });
    if (rows * columns > FEW) {
      const canvas = Object.assign(document.createElement("canvas"), { width: columns, height: rows }), brush = canvas.getContext("2d");
      const pixels = brush.createImageData(columns, rows), [last, bottom] = [across.at(-1), along.at(-1)];
      trace.z.forEach((line, row) => line.forEach((value, column) => {
        const place = (bottom < along[0] ? rows - 1 - row : row) * columns + (last < across[0] ? columns - 1 - column : column);
        pixels.data.set(value === null ? [0, 0, 0, 0] : [...channels(colour(value)), 255], 4 * place);
      }));
      brush.putImageData(pixels, 0, 0);
      const [from, over] = [Math.min(across[0], last), Math.min(along[0], bottom)];
      canvas.style.cssText = `left:${from}px;top:${over}px;width:${Math.abs(last - across[0])}px;height:${Math.abs(bottom - along[0])}px`;
      this.pictures.push(canvas);
      return "";
    }
    const parts = [];
    trace.z.forEach((line, row) => line.forEach((value, column) => {
      const box = { x: Math.min(across[column], across[column + 1]), y: Math.min(along[row], along[row + 1]),
        width: Math.abs(across[column + 1] - across[column]), height: Math.abs(along[row + 1] - along[row]) };
      const fill = value === null ? "none" : colour(value);
      parts.push(tag("rect", { x: box.x + gaps[0] / 2, y: box.y + gaps[1] / 2, width: Math.max(0, box.width - gaps[0]), height: Math.max(0, box.height - gaps[1]), fill }));
      if (trace.texttemplate) {
        const said = this.told(trace.texttemplate, trace, [row, column]);
        const size = trace.textfont?.size ?? Math.max(6, Math.min(12, (11 * (box.width - 4)) / Math.max(1, this.width(said, 11)), box.height - 2));
        parts.push(this.words(said, box.x + box.width / 2, box.y + box.height / 2, { size, colour: trace.textfont?.color ?? ink(fill) }));
      }
    }));
    return tag("g", { "shape-rendering": gaps[0] ? undefined : "crispEdges" }, parts.join(""));
  }

  sample(trace, left, middle) {
    if (trace.type === "bar") return tag("rect", { x: left + 4, y: middle - 6, width: 16, height: 12, fill: this.fill(trace, 0) });
    const mode = trace.mode ?? "lines";
    const line = mode.includes("lines") ? tag("line", { x1: left, x2: left + 22, y1: middle, y2: middle, ...stroke(trace, trace.line?.color ?? trace.colour) }) : "";
    return line + (mode.includes("markers") ? this.marker(trace, 0, left + 11, middle, Math.min(12, Math.max(6, of(trace.marker?.size, 0) ?? 6))) : "");
  }
}

function path(points, trace) {
  if (trace.line?.shape === "spline") return curve(points);
  let d = "", open = false, before;
  for (const [x, y] of points) {
    if (!Number.isFinite(x + y)) { open &&= Boolean(trace.connectgaps); continue; }
    if (open && trace.line?.shape === "hv") d += `H${round(x)}V${round(y)}`;
    else d += `${open ? "L" : "M"}${round(x)},${round(y)}`;
    open = true;
  }
  return d;
}

function curve(points) { // smooth through all points: towards the next one, each leaves the way its neighbours lie
  const parts = [[]];
  for (const point of points) {
    if (Number.isFinite(point[0] + point[1])) parts.at(-1).push(point);
    else parts.push([]);
  }
  return parts.filter((part) => part.length > 1).map((part) => part.map((point, place) => {
    if (!place) return `M${point.map(round)}`;
    const [before, from, after] = [part[Math.max(0, place - 2)], part[place - 1], part[Math.min(part.length - 1, place + 1)]];
    const leave = from.map((value, axis) => round(value + (point[axis] - before[axis]) / 6));
    return `C${leave} ${point.map((value, axis) => round(value - (after[axis] - from[axis]) / 6))} ${point.map(round)}`;
  }).join("")).join("");
}

function stroke({ line = {} }, colour) {
  const wide = line.width ?? 2, w = Math.max(3, wide);
  const dashes = { dot: [wide, wide], dash: [3 * w, 2 * w], dashdot: [3 * w, wide, wide, wide], longdash: [5 * w, 2 * w], longdashdot: [5 * w, w, w, w] }[line.dash];
  return { stroke: colour, "stroke-width": wide, "stroke-dasharray": dashes?.join(" ") };
}

const channels = (colour) => [1, 3, 5].map((place) => parseInt(colour.slice(place, place + 2), 16));

function tint(scale, share) {
  const at = Math.min(Math.max(share, 0), 1), next = Math.max(1, scale.findIndex(([stop]) => stop >= at));
  const [[low, one], [high, other]] = [scale[next - 1], scale[next]], part = (at - low) / (high - low), [a, b] = [channels(one), channels(other)];
  return `#${a.map((value, place) => Math.round(value + part * (b[place] - value)).toString(16).padStart(2, "0")).join("")}`;
}

function ink(colour) { // words on a colour: dark or white, whichever is easier to read
  if (!/^#.{6}$/.test(colour)) return TEXT;
  const [r, g, b] = channels(colour).map((value) => (value / 255) ** 2.2);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#111111" : "#FFFFFF";
}
