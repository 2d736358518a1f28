// A code cell: what a student writes reaches Python while they write, and is called saved when Python has answered. The
// editor proper is a script of its own; until it is here, and wherever it cannot load, a plain field does the same.
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".cell");
  root.cell ??= new Cell(root, parentElement, data);
  root.cell.tell = (sent) => setTriggerValue("sent", sent);
  root.cell.show(data);
  return () => { if (!root.isConnected) root.cell.close(); }; // also called when only the next answer came too early
}

const PAUSE = 700; // milliseconds after the last key until the text is sent
const LONGEST = 4000; // milliseconds for which somebody may type without a pause until it is sent nevertheless
const PATIENCE = 5000; // milliseconds after which a message counts as lost and is sent again
const FLUSH = 60; // milliseconds within which Streamlit has put a message on its way
const MAC = /Mac|iP(hone|ad)/.test(navigator.platform);
const SHORTCUTS = { // by the name of the action: what a button says, and what a screen reader is told
  Run: ["Shift+Enter", "Shift+Enter"],
  Preview: ["Shift+Enter", "Shift+Enter"],
  Check: [`${MAC ? "Cmd" : "Ctrl"}+Shift+Enter`, `${MAC ? "Meta" : "Control"}+Shift+Enter`],
};

class Cell {
  constructor(root, parent, data) {
    Object.assign(this, { root, parent, data, version: data.version });
    this.from = Math.random().toString(36).slice(2, 12); // messages are counted by each editor anew
    Object.assign(this, { count: 0, asks: 0, asked: null, waits: false, late: false, changed: false, leaving: false });
    this.saved = this.sent = plain(data.text);
    const unsent = this.recall();
    this.build(unsent ?? this.saved);
    this.bring();
    if (unsent !== null) this.typed();
  }

  // --- what is seen -------------------------------------------------------------------------------------------------
  build(text) {
    const { key, label, language, actions, lines } = this.data, help = `${key}-help`, hold = `${key}-hold`;
    this.attributes = { "aria-label": label, "aria-describedby": help, spellcheck: "false", autocapitalize: "off", autocorrect: "off" };
    this.place = make("div", { className: "place" });
    this.place.style.setProperty("--least", lines[0]);
    this.place.style.setProperty("--most", lines[1]);
    this.field = field(this.place, text, this.attributes, this.data, () => this.typed());
    this.buttons = actions.map((name) => {
      const made = button(name, () => this.act(name)), [shown, told] = SHORTCUTS[name] ?? [];
      if (shown) made.append(make("kbd", { textContent: shown, ariaHidden: "true" }));
      if (told) made.setAttribute("aria-keyshortcuts", told);
      made.setAttribute("aria-describedby", hold);
      return made;
    });
    this.hold = make("span", { id: hold, className: "hold" });
    this.told = make("span", { className: "told" }); // what must be heard at once
    this.told.setAttribute("role", "status");
    this.status = make("span", { className: "status" }); // each pause brings another one: read by who looks for it
    const keys = make("details", {}, make("summary", { textContent: "Keys" }), shortcuts(actions));
    const about = make("p", { id: help, className: "unseen", textContent: "Tab indents. To leave the field, press Escape and then Tab." });
    keys.addEventListener("focusout", (event) => { if (!keys.contains(event.relatedTarget)) keys.open = false; });
    keys.addEventListener("keydown", (event) => { if (event.key === "Escape") keys.open = false; });
    const bar = group(`${label}: actions`, [...this.buttons, this.hold, this.told, this.status, keys]);
    this.root.replaceChildren(this.place, bar, about);
    this.listen();
  }

  listen() {
    this.root.addEventListener("keydown", (event) => this.pressed(event), true); // before the editor sees it
    this.root.addEventListener("keydown", (event) => event.stopPropagation()); // the page has shortcuts of its own
    this.place.addEventListener("focusout", () => { this.leaving = false; this.push(true); });
    this.hides = () => { if (document.visibilityState === "hidden") this.push(true); };
    this.ends = () => this.push(true);
    this.follows = (event) => this.before(event);
    this.goes = () => this.hush();
    document.addEventListener("click", this.follows, true);
    window.addEventListener("popstate", this.goes);
    document.addEventListener("visibilitychange", this.hides);
    window.addEventListener("pagehide", this.ends);
  }

  // A text that is sent while Streamlit opens another page would call its reader back: first the text, then the page.
  before(event) {
    const link = event.composedPath().find((each) => each.localName === "a" && each.href && !each.download && each.target !== "_blank");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    this.push(true);
    if (!this.waits || performance.now() > this.flushed) return this.hush();
    event.preventDefault();
    event.stopImmediatePropagation();
    setTimeout(() => link.click(), FLUSH);
  }

  hush() { // while another page is on its way; should it not come, all goes on
    this.keep(this.field.text);
    for (const timer of [this.timer, this.lost]) clearTimeout(timer);
    this.timer = setTimeout(() => { this.late ||= this.waits; this.push(); }, 3 * PATIENCE);
  }

  pressed(event) {
    const { actions } = this.data, { key } = event, strong = event.ctrlKey || event.metaKey;
    const first = actions.find((name) => SHORTCUTS[name]?.[0] === "Shift+Enter");
    const taken = (name) => {
      event.preventDefault();
      event.stopPropagation();
      if (name && !event.repeat) this.act(name);
    };
    if (!this.writes(event.target) || event.isComposing) return;
    if (key === "Enter" && strong && event.shiftKey && actions.includes("Check")) taken("Check");
    else if (key === "Enter" && strong !== event.shiftKey && first) taken(first);
    else if (key === "Tab" && this.leaving) event.stopPropagation(); // the browser moves on, the editor hears nothing
    else if (key !== "Shift") this.leaving = key === "Escape";
  }

  writes(target) { return target.closest?.(".cm-content, textarea"); } // and not, say, the words to find

  async bring() { // the editor, in place of the plain field, with all that was typed into that
    let editor;
    try {
      editor = await import(new URL(this.data.script, home()));
    } catch {
      return; // the plain field stays
    }
    const before = this.field, { area } = before;
    if (area.composing) await new Promise((done) => area.addEventListener("compositionend", done, { once: true }));
    if (this.closed) return;
    const focused = this.parent.activeElement === area, { selectionStart: anchor, selectionEnd: head } = area;
    before.close();
    this.field = editor.edit({
      parent: this.place, root: this.parent, text: before.text, selection: { anchor, head }, language: this.data.language,
      attributes: this.attributes, typed: () => this.typed(),
    });
    if (focused) this.field.focus();
    this.root.dataset.editor = "";
  }

  // --- what Python says ---------------------------------------------------------------------------------------------
  show(data) {
    const { seen } = data, ours = seen?.from === this.from;
    this.data = data;
    if (data.version !== this.version) this.anew(data);
    else if (ours && this.waits && seen.count >= this.count) {
      this.heard();
      this.saved = this.sent;
      this.forget();
      if (this.field.text !== this.saved) this.soon();
    } else if (!ours && !this.waits) { // a server that begins anew knows the last draft only
      this.saved = plain(data.text);
      if (this.field.text !== this.saved && this.changed) this.soon();
      else if (this.field.text !== this.saved) this.field.replace(this.saved);
    }
    if (ours && this.asked && seen.asked >= this.asked[0]) this.asked = null;
    this.draw();
  }

  anew(data) { // another text from outside
    this.version = data.version;
    this.heard();
    clearTimeout(this.timer);
    this.saved = this.sent = plain(data.text);
    this.asked = this.since = null;
    this.forget();
    if (this.field.text !== this.saved) this.field.replace(this.saved);
  }

  heard() {
    clearTimeout(this.lost);
    this.waits = this.late = false;
  }

  // --- what Python is told ------------------------------------------------------------------------------------------
  typed() {
    this.changed = true;
    this.soon();
    this.draw();
  }

  soon() {
    this.since ??= performance.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.push(), Math.max(0, Math.min(PAUSE, this.since + LONGEST - performance.now())));
  }

  push(urgent = false) {
    clearTimeout(this.timer);
    const { text } = this.field, { version } = this;
    const told = this.waits ? this.sent : this.saved;
    if (text.length > this.data.most) return this.draw();
    if (text === told && (!this.asked || this.asked[0] === this.ask) && !this.late) return this.draw();
    if (this.waits && !this.late && !urgent) return this.draw(); // sent as soon as the answer is here
    Object.assign(this, { sent: text, ask: this.asked?.[0], waits: true, since: null, count: this.count + 1 });
    this.flushed = performance.now() + FLUSH - 10;
    this.keep(text);
    this.tell({ from: this.from, count: this.count, text, asked: this.asked, version });
    clearTimeout(this.lost);
    this.lost = setTimeout(() => { this.late = true; this.push(); }, PATIENCE);
    this.draw();
  }

  act(name) {
    if (this.data.busy || this.asked) return this.say(this.data.busy ? WAIT : "");
    this.asked = [++this.asks, name];
    this.push(true);
  }

  // --- what outlives a page that is loaded again before Python has answered ------------------------------------------
  keep(text) {
    if (!this.data.owner || text === this.saved) return;
    try { sessionStorage.setItem(this.shelf(), JSON.stringify({ base: this.saved, text, version: this.version })); } catch { /* full or forbidden */ }
  }

  forget() { try { sessionStorage.removeItem(this.shelf()); } catch { /* forbidden */ } }

  recall() {
    let kept = null;
    try { kept = this.data.owner && JSON.parse(sessionStorage.getItem(this.shelf())); } catch { /* forbidden */ }
    return kept?.base === this.saved && kept.version === this.version && kept.text !== this.saved ? kept.text : null;
  }

  shelf() { return `fovea ${this.data.owner} ${this.data.key}`; }

  // ------------------------------------------------------------------------------------------------------------------
  draw() {
    const { busy, most } = this.data, { text } = this.field, held = busy || Boolean(this.asked);
    for (const each of this.buttons) each.setAttribute("aria-disabled", String(held));
    this.hold.textContent = busy ? WAIT : "";
    const unsaved = text !== this.saved || this.waits;
    if (text.length > most) this.status.textContent = `Not saved: longer than ${most} letters`;
    else if (unsaved) this.status.textContent = this.late ? "Not saved yet, trying again ..." : "Saving ...";
    else if (this.changed) this.status.textContent = "Saved";
    this.say(this.late ? "Not saved yet, trying again." : "");
  }

  say(text) { if (this.told.textContent !== text) this.told.textContent = text; }

  close() {
    this.closed = true;
    for (const timer of [this.timer, this.lost]) clearTimeout(timer);
    document.removeEventListener("click", this.follows, true);
    window.removeEventListener("popstate", this.goes);
    document.removeEventListener("visibilitychange", this.hides);
    window.removeEventListener("pagehide", this.ends);
    this.field.close();
  }
}

const WAIT = "Working ..."; // also what is heard of a button that rests

// A field that every browser has, with the editor's manners: Tab indents, Enter keeps the indentation.
function field(parent, text, attributes, { language, lines: [least, most] }, typed) {
  const rows = Math.max(least, Math.min(most, text.split("\n").length));
  const area = make("textarea", { value: text, rows, wrap: language === "python" ? "off" : "soft", oninput: typed });
  for (const [name, value] of Object.entries(attributes)) area.setAttribute(name, value);
  const insert = (words) => {
    if (!document.execCommand("insertText", false, words)) { area.setRangeText(words, area.selectionStart, area.selectionEnd, "end"); typed(); }
  };
  const before = () => area.value.slice(area.value.lastIndexOf("\n", area.selectionStart - 1) + 1, area.selectionStart);
  area.addEventListener("compositionstart", () => { area.composing = true; });
  area.addEventListener("compositionend", () => { area.composing = false; });
  area.onkeydown = (event) => {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Tab" && !event.shiftKey) insert("    ");
    else if (event.key === "Tab") {
      const spaces = /^ {0,4}/.exec(before())[0].length, at = area.selectionStart, from = at - before().length;
      area.setRangeText("", from, from + spaces, "preserve");
      if (spaces) typed();
    } else if (event.key === "Enter" && language === "python") insert(`\n${/^ */.exec(before())[0]}${/:\s*$/.test(before()) ? "    " : ""}`);
    else return;
    event.preventDefault();
  };
  parent.append(area);
  return {
    area,
    get text() { return area.value; },
    replace(words) {
      const focused = area.getRootNode().activeElement;
      area.focus({ preventScroll: true });
      area.select();
      area.oninput = null;
      if (!document.execCommand("insertText", false, words) || area.value !== words) area.value = words;
      area.oninput = typed;
      area.setSelectionRange(0, 0);
      if (focused !== area) area.blur();
    },
    focus() { area.focus(); },
    close() { area.remove(); },
  };
}

function plain(text) { return text.replace(/\r\n?/g, "\n"); } // as every field in a browser counts lines

function home() { // where the app begins, whatever folder a server puts it in
  const script = [...document.scripts].map((each) => each.src).find((address) => address.includes("/static/js/"));
  return script ? script.split("static/js/")[0] : document.baseURI;
}

function shortcuts(actions) {
  const control = MAC ? "Cmd" : "Ctrl";
  const rows = [
    ...actions.filter((name) => SHORTCUTS[name]).map((name) => [name, SHORTCUTS[name][0] === "Shift+Enter" ? `Shift+Enter or ${control}+Enter` : SHORTCUTS[name][0]]),
    ["Leave the field", "Escape, then Tab"],
    ["Indent, and back", "Tab, Shift+Tab"],
    ["Comment", `${control}+/`, "rich"],
    ["Find", `${control}+F`],
    ["Undo, and redo", `${control}+Z, ${MAC ? "Cmd+Shift+Z" : "Ctrl+Y"}`],
  ];
  return make("dl", {}, ...rows.map(([name, keys, className = ""]) => make("div", { className }, make("dt", { textContent: name }), make("dd", { textContent: keys }))));
}
