// Words, numbers and axes of a chart in plotly's own words, which plot.js draws.
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#5B4B8A", "#8C510A", "#01665E", "#737373"];
const SCALES = {
  Cividis: [[0, "#00224E"], [0.125, "#123570"], [0.25, "#3B496C"], [0.375, "#575D6D"], [0.5, "#707173"],
    [0.625, "#8A8678"], [0.75, "#A59C74"], [0.875, "#C3B369"], [1, "#FEE838"]],
  Greys: [[0, "#FFFFFF"], [1, "#000000"]],
};
const TEXT = "var(--st-text-color)", BACK = "var(--st-background-color)";
const FAINT = `color-mix(in srgb, ${TEXT} 68%, ${BACK})`, GRID = `color-mix(in srgb, ${TEXT} 13%, ${BACK})`;
const RAISED = { "-": "\u207b", 0: "\u2070", 1: "\u00b9", 2: "\u00b2", 3: "\u00b3", 4: "\u2074", 5: "\u2075", 6: "\u2076", 7: "\u2077", 8: "\u2078", 9: "\u2079" };
const LINE = 1.25; // height of a line of text, in its font's size
const WIDTHS = new Map(); // of words that were measured before; the same ones come with every move
const pen = document.createElement("canvas").getContext("2d");
const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const of = (value, place) => (Array.isArray(value) ? value[place] : value);
const round = (value) => Math.round(value * 100) / 100;
const attributes = (given) => Object.entries(given).filter(([, value]) => value !== undefined && value !== null)
  .map(([name, value]) => ` ${name}="${typeof value === "number" ? round(value) : value}"`).join("");
const tag = (name, given, inside = "") => `<${name}${attributes(given)}>${inside}</${name}>`;

// --- words ------------------------------------------------------------------------------------------------------
// Text with <b> and <br>, as lines of pieces: [[{text, bold}, ...], ...].
function pieces(text) {
  let bold = false;
  return String(text).split(/<br\s*\/?>/).map((line) => line.split(/(<\/?b>)/).flatMap((part) => {
    if (part === "<b>" || part === "</b>") { bold = part === "<b>"; return []; }
    return part ? [{ text: part.replace(/<[^>]*>/g, ""), bold }] : [];
  }));
}

// d3's short words for numbers, as far as our figures use them.
function format(value, how = "") {
  if (typeof value !== "number" || !Number.isFinite(value)) return String(value ?? "");
  const [, comma, digits, trim, kind] = how.match(/^(,?)(?:\.(\d+))?(~?)([a-z%]?)$/) ?? [];
  const cut = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
  let text;
  if (kind === "f") text = value.toFixed(+(digits ?? 6));
  else if (kind === "%") text = `${(100 * value).toFixed(+(digits ?? 6))}%`;
  else if (kind === "d") text = value.toFixed(0);
  else if (kind === "g") text = String(+value.toPrecision(+(digits ?? 6)));
  else if (kind === "s") {
    const step = value === 0 ? 0 : Math.max(-3, Math.min(5, Math.floor(Math.log10(Math.abs(value)) / 3)));
    const part = value / 1000 ** step;
    text = (trim ? cut(part.toPrecision(+(digits ?? 12))) : part.toPrecision(+(digits ?? 6))) + ["n", "µ", "m", "", "k", "M", "G", "T", "P"][step + 3];
  } else text = String(+value.toPrecision(12));
  return comma ? text.replace(/^-?\d+/, (whole) => Number(whole).toLocaleString("en")) : text;
}

const plain = (value) => (Math.abs(value) >= 10000 ? format(value, "~s") : format(value)).replace("-", "\u2212");

// --- one axis ---------------------------------------------------------------------------------------------------
class Axis {
  constructor(plot, letter, id) {
    Object.assign(this, { plot, letter, id, given: plot.layout[`${letter}axis${id.slice(1)}`] ?? {} });
    this.down = letter === "y";
    this.visible = this.given.visible !== false;
    this.traces = plot.traces.filter((trace) => (trace[`${letter}axis`] ?? letter) === id);
    const values = this.traces.flatMap((trace) => (trace.type === "heatmap" ? [] : trace[letter] ?? []));
    const words = this.given.type === "category" || (!this.given.type && values.some((value) => typeof value === "string" && isNaN(value)));
    if (words) this.words = [...new Set([...(this.given.categoryarray ?? []), ...values].map(String))];
    this.log = this.given.type === "log";
    this.domain = [...(this.given.domain ?? [0, 1])];
  }

  number(value) { // where a value lies on the axis, before pixels
    if (value === null || value === undefined) return NaN;
    if (this.words) { const found = this.words.indexOf(String(value)); return found < 0 ? Number(value) : found; }
    return this.log ? Math.log10(value) : Number(value);
  }

  settle() { // the range, once the bars know where they end
    const turned = this.given.autorange === "reversed";
    if (this.given.range) this.range = this.given.range.map(Number);
    else if (this.words) this.range = [-0.5, this.words.length - 0.5];
    else {
      let [least, most, padded] = [Infinity, -Infinity, false];
      for (const trace of this.traces) {
        const [values, pad] = this.plot.extent(trace, this.letter);
        for (const value of values) if (Number.isFinite(value)) { least = Math.min(least, value); most = Math.max(most, value); }
        padded ||= pad;
      }
      if (!Number.isFinite(least)) [least, most] = [0, 1];
      const bars = this.traces.some((trace) => trace.type === "bar" && (trace.orientation === "h") !== this.down);
      const zero = !this.log && (this.given.rangemode === "tozero" || bars);
      if (zero) { least = Math.min(least, 0); most = Math.max(most, 0); }
      const room = least === most ? 1 : padded || bars ? 0.055 * (most - least) : 0;
      this.range = [least - (zero && least === 0 ? 0 : room), most + (zero && most === 0 ? 0 : room)];
    }
    if (turned && this.range[0] < this.range[1]) this.range.reverse();
  }

  span() { // first and last pixel
    const { left, top, wide, high } = this.plot;
    return this.down ? [top + (1 - this.domain[0]) * high, top + (1 - this.domain[1]) * high] : [left + this.domain[0] * wide, left + this.domain[1] * wide];
  }

  at(number) { // pixel of a number
    const [first, last] = this.span();
    return first + ((number - this.range[0]) / (this.range[1] - this.range[0])) * (last - first);
  }

  ticks() { // [[number, words], ...]
    const { given } = this, [low, high] = [...this.range].sort((a, b) => a - b), hair = 1e-9 * (high - low);
    const inside = ([number]) => number >= low - hair && number <= high + hair;
    const power = (value) => `10${[...String(Math.round(Math.log10(value)))].map((sign) => RAISED[sign]).join("")}`;
    const short = (value) => (given.tickformat ? format(value, given.tickformat) : plain(value));
    const said = (value) => (this.log && given.exponentformat === "power" ? power(value) : short(value)) + (given.ticksuffix ?? "");
    if (given.tickvals) return given.tickvals.map((value, place) => [this.number(value), given.ticktext?.[place] ?? said(value)]).filter(inside);
    if (this.words) return this.words.map((word, place) => [place, word]).filter(inside);
    const found = [];
    if (this.log) {
      const parts = high - low > 2.5 || given.dtick === 1 ? [1] : [1, 2, 5];
      for (let power = Math.floor(low); power <= high; power++) for (const part of parts) found.push([power + Math.log10(part), said(part * 10 ** power)]);
      return found.filter(inside);
    }
    const [first, last] = this.span(), room = Math.abs(last - first);
    const most = given.nticks ?? Math.max(2, room / (this.down ? 45 : 70)), rough = (high - low) / most;
    const ten = 10 ** Math.floor(Math.log10(rough));
    let step = given.dtick ?? [1, 2, 5, 10].map((part) => part * ten).find((nice) => nice >= rough * 0.999);
    while ((high - low) / step > 60) step *= 2;
    for (let place = Math.ceil(low / step - 1e-9); place * step <= high + hair; place++) found.push([place * step, said(+(place * step).toPrecision(12))]);
    return found;
  }
}
