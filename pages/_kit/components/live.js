// The bar of the live class. A page that follows goes to whatever address the class is at, as the browser's own way back
// would; the page that presents says its address whenever that changes. So no lab knows anything about it.
export default function ({ data, parentElement, setStateValue }) {
  const live = (window.foveaLive ??= new LiveClass());
  live.attach(parentElement.querySelector(".live"), data, setStateValue);
  return () => live.detach();
}

const KEPT = "fovea-live"; // in the storage of this tab: a reload finds it, another tab does not
const LOOK = 50; // milliseconds between two looks at the address
const SETTLED = 150; // milliseconds until a page that was led elsewhere has begun to go there
const STRAYED = 2000; // milliseconds after which another page than the one led to was opened by somebody
const HEALED = 1000; // milliseconds after which a page at rest must have a heading
const PATIENCE = 5000; // milliseconds that a page may take to come to rest before it is led on all the same
const TRIES = 2; // to arrive at an address
const LEAVE = 3000; // a page that is exchanged for another takes the bar away and brings it back
const FAREWELL = 8000; // milliseconds for which a page says that the class is over
const PLAYED = "input, textarea, [role=radio], [role=combobox], [role=switch], [role=slider], [data-testid=stNumberInput] button, [data-testid=stButtonGroup] button";
const OURS = ".st-key-live, .st-key-menu, .st-key-prediction-box, .st-key-quiz, .st-key-code, .st-key-errata";

class LiveClass { // one for the whole tab: it outlives the pages
  constructor() {
    this.kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}"); // lecture, mode, word, mark, since
    this.opened = this.kept.mode === "follow" && performance.getEntriesByType("navigation")[0]?.type === "navigate";
    this.back = false; // an address was opened in a tab that follows, and the class is elsewhere
    this.seen = { lecture: 0 };
    this.at = null; // where the class was when this page last went there, or said that it is there
    this.tries = 0; // that are left to arrive there
    this.led = this.gone = this.spoke = -Infinity; // when it was led there, when the last try began, when say spoke
    this.heard = this.healed = true; // the server has answered what was said, and the page it went to is not empty
    this.told = { mode: "none", quiz: "" };
    this.spotlight = new Spotlight();
    for (const kind of ["pointerdown", "keydown"]) document.addEventListener(kind, (event) => this.played(event), true);
    setInterval(() => { this.arrive(); this.heal(); this.stray(); this.watch(); this.say(); this.part(); }, LOOK);
  }

  attach(bar, data, send) {
    clearTimeout(this.leaving);
    const arriving = data.wait && !this.data?.wait;
    Object.assign(this, { bar, data, send });
    if (data.word && data.word !== this.kept.word && data.word !== this.lost) {
      this.keep({ lecture: data.lecture, mode: "present", word: data.word, mark: data.mark, since: data.revision });
      this.at = null;
    } else if (arriving && this.kept.mode !== "present") this.keep({ ...this.kept, mode: "follow" });
    this.source ??= this.listen();
    bar.querySelector(".join").onclick = () => this.join();
    bar.querySelector(".leave").onclick = () => this.leave();
    bar.querySelector(".spot").onclick = () => this.point();
    this.act();
  }

  detach() {
    this.leaving = setTimeout(() => {
      this.source?.close();
      this.source = null;
      this.spotlight.show(null);
    }, LEAVE);
  }

  listen() {
    const source = new EventSource("/api/live");
    source.onmessage = (event) => this.see(JSON.parse(event.data));
    source.onerror = () => { this.away = true; this.draw(); };
    source.onopen = () => { this.away = false; this.draw(); };
    return source;
  }

  // What this tab does in the class: "offered" until somebody joins; whoever waits on the page of the class has.
  get mode() {
    if (!this.seen.lecture) return "none";
    if (this.kept.lecture === this.seen.lecture) return this.kept.mode;
    return this.data.wait ? "follow" : "offered";
  }

  keep(kept) {
    this.kept = kept;
    sessionStorage.setItem(KEPT, JSON.stringify(kept));
  }

  see(seen) {
    const listened = this.mode === "follow" || this.mode === "out";
    this.seen = seen;
    if (listened && !seen.lecture) this.over = performance.now() + FAREWELL;
    this.act();
  }

  act() {
    const { seen } = this;
    if (this.mode === "present" && seen.revision >= this.kept.since && seen.presenter !== this.kept.mark) this.lose();
    if (this.mode === "follow" && this.kept.lecture !== seen.lecture) this.keep({ lecture: seen.lecture, mode: "follow" });
    const steered = seen.revision > this.kept.since && seen.source !== this.kept.mark; // since this tab presents
    const led = this.mode === "follow" || (this.mode === "present" && steered);
    if (led && seen.at && seen.at !== this.at) {
      this.back = this.opened && !this.data.wait && here() !== seen.at;
      this.opened = false;
      this.go(seen.at);
    }
    this.spotlight.show(this.mode === "follow" || this.mode === "present" ? seen.spot : null);
    this.draw();
  }

  part() { // the last word has been read
    if (!(this.over < performance.now())) return;
    this.over = undefined;
    this.draw();
  }

  // What the server must know to draw below the bar. Only a page at rest is told: on its way to another, it would
  // arrive as the page it was.
  say() {
    if (!this.bar?.isConnected || this.tries || performance.now() < Math.max(this.gone, this.spoke) + SETTLED || !atRest()) return;
    const joined = this.mode !== "none" && this.mode !== "offered"; // to the server, both are the same
    for (const [name, value] of [["mode", joined ? this.mode : "none"], ["quiz", joined ? this.seen.quiz : ""]])
      if (this.told[name] !== value) {
        this.told[name] = value;
        this.spoke = performance.now();
        this.heard = false;
        this.send(name, value);
        return; // the other one when the page is at rest again
      }
  }

  go(at) {
    this.at = at;
    this.tries = here() === at ? 0 : TRIES;
    this.led = performance.now();
    this.arrive();
  }

  // Two requests on their way at once can leave a page empty, so this waits until the page is at rest, though not for
  // ever. Coming from another page, Streamlit drops what that page has controls of the same name for: once it is
  // there, the address is said again.
  arrive() {
    const now = performance.now(), settled = now > Math.max(this.gone, this.spoke) + SETTLED && atRest();
    this.heard ||= settled;
    if (!this.tries || !this.heard || !(settled || now > this.led + PATIENCE)) return;
    this.tries = here() === this.at ? 0 : this.tries - 1;
    if (here() === this.at) return;
    this.led = this.gone = now;
    this.healed = false;
    history.replaceState(history.state, "", `/${this.at}`);
    returned();
  }

  // Should requests have crossed all the same, the page is asked for once more.
  heal() {
    if (this.healed || this.tries || performance.now() < this.gone + HEALED || !atRest()) return;
    this.healed = true;
    if (!document.querySelector("[data-testid=stMain] h1")) returned();
  }

  join() {
    this.at = null;
    this.opened = false;
    this.keep({ lecture: this.seen.lecture, mode: "follow" });
    this.act();
  }

  leave() {
    this.keep({ ...this.kept, mode: "out" });
    this.act();
  }

  // Another tab presents by now: this one follows, and does not begin again with the same word.
  lose() {
    this.lost = this.kept.word;
    this.keep({ lecture: this.seen.lecture, mode: "follow" });
  }

  // Whoever moves a control while following is on their own from then on.
  played(event) {
    if (this.mode !== "follow" || !event.isTrusted || ["Tab", "Shift", "Escape"].includes(event.key)) return;
    const control = event.target.closest?.("[data-testid=stMain]") && event.target.closest(PLAYED);
    if (control && !control.closest(OURS)) this.leave();
  }

  // Whoever opens another page while following is on their own from then on, too.
  stray() {
    const moving = this.tries || performance.now() < this.gone + STRAYED || !atRest();
    if (this.mode === "follow" && this.at && !moving && page(here()) !== page(this.at)) this.leave();
  }

  watch() {
    if (!this.bar?.isConnected || this.mode !== "present" || this.tries || this.saying || Date.now() < (this.rest ?? 0)) return;
    if (here() !== this.at) this.tell(here(), null);
  }

  async tell(at, spot) {
    this.saying = true;
    const [page, query = ""] = at.split(/\?(.*)/s);
    const body = JSON.stringify({ word: this.kept.word, page, query, spot });
    try {
      const answer = await fetch("/api/live/at", { method: "POST", headers: { "Content-Type": "application/json" }, body });
      if (answer.status === 409) this.lose();
      else if (answer.status < 500) this.at = at;
      this.aside = answer.status === 422 || answer.status === 413;
      if (answer.status >= 500) this.rest = Date.now() + 1000;
    } catch {
      this.rest = Date.now() + 1000; // the server is away for a moment
    } finally {
      this.saying = false;
      this.draw();
    }
  }

  point() {
    if (this.seen.spot) this.tell(here(), null);
    else this.spotlight.pick((spot) => { this.draw(); if (spot) this.tell(here(), spot); });
    this.draw();
  }

  draw() {
    const { bar, mode, seen } = this;
    if (!bar) return;
    const over = mode === "none" && this.over > performance.now();
    bar.hidden = mode === "none" && !over;
    const where = seen.title ? `the class is at ${seen.title}` : "nothing is shown yet";
    const said = {
      none: over ? "The class is over. This page stays." : "",
      offered: `A class is live: ${where}.`,
      follow: this.back ? `This tab follows, so it went back: ${where}. Step out to look elsewhere.` : `Following: ${where}.`,
      out: `You are on your own; ${where}.`,
      present: this.aside ? `The class does not see this page; ${where}.` : "Presenting: the class sees this page.",
    }[mode];
    const status = bar.querySelector("[role=status]");
    const text = this.away && mode !== "none" ? "The connection is lost; trying again ..." : said;
    if (status.textContent !== text) status.textContent = text;
    const join = bar.querySelector(".join"), spot = bar.querySelector(".spot");
    join.hidden = mode !== "offered" && mode !== "out";
    join.textContent = mode === "out" ? "Come back" : "Follow";
    bar.querySelector(".leave").hidden = mode !== "follow";
    spot.hidden = mode !== "present" || this.aside;
    const on = Boolean(seen.spot);
    spot.setAttribute("aria-pressed", String(on || this.spotlight.picking));
    spot.textContent = this.spotlight.picking ? "Click what to point at" : on ? "Spotlight off" : "Spotlight";
  }
}

// The page and its setting, as they stand in the address; how a slide frames it is not part of that.
function here() {
  const kept = window.location.search.slice(1).split("&").filter((part) => part && !/^embed(_options)?=/.test(part)).join("&");
  return window.location.pathname.slice(1) + (kept ? `?${kept}` : "");
}

// What the browser says when somebody goes back: Streamlit then asks for the page that the address has.
function returned() {
  window.dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
}

function page(address) {
  return address.split("?")[0];
}

function atRest() {
  return document.querySelector("[data-test-script-state]")?.dataset.testScriptState === "notRunning";
}

class Spotlight { // points at an element by its key, and into it in shares of its size
  constructor() {
    this.picking = false;
    const follow = () => this.place();
    window.addEventListener("resize", follow);
    document.addEventListener("scroll", follow, true);
    setInterval(follow, 250); // what is above it may grow
  }

  show(spot) {
    if (JSON.stringify(spot) === JSON.stringify(this.spot ?? null)) return;
    this.spot = spot;
    if (spot) element(spot.key)?.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
    this.place();
  }

  place() {
    const box = this.spot && element(this.spot.key)?.getBoundingClientRect();
    if (!box) {
      this.ring?.remove();
      this.ring = null;
      return;
    }
    this.ring ??= document.body.appendChild(ring());
    const small = box.height < 160;
    const [wide, high] = small ? [box.width + 16, box.height + 16] : [96, 96];
    const [x, y] = small ? [box.left + box.width / 2, box.top + box.height / 2] : [box.left + this.spot.x * box.width, box.top + this.spot.y * box.height];
    Object.assign(this.ring.style, { left: `${x - wide / 2}px`, top: `${y - high / 2}px`, width: `${wide}px`, height: `${high}px`, borderRadius: small ? "0.75rem" : "50%" });
  }

  // The next click points and does nothing else; with the keyboard, Enter points at what has the focus; Escape gives up.
  pick(done) {
    if (this.picking) return this.stop?.();
    this.picking = true;
    document.documentElement.style.cursor = "crosshair";
    const stop = (spot) => {
      for (const [kind, heard] of kinds) document.removeEventListener(kind, heard, true);
      document.documentElement.style.cursor = "";
      this.picking = false;
      done(spot ?? null);
    };
    const ours = (event) => event.composedPath().some((part) => part.classList?.contains("st-key-live"));
    const hold = (event) => { if (!ours(event)) { event.preventDefault(); event.stopPropagation(); } };
    const click = (event) => { if (!ours(event)) { hold(event); stop(pointed(event.target, event.clientX, event.clientY)); } };
    const key = (event) => {
      if (event.key === "Escape") stop();
      if (event.key !== "Enter" || ours(event)) return;
      hold(event);
      const box = document.activeElement.getBoundingClientRect();
      stop(pointed(document.activeElement, box.left + box.width / 2, box.top + box.height / 2));
    };
    const kinds = [["pointerdown", hold], ["mousedown", hold], ["click", click], ["keydown", key]];
    for (const [kind, heard] of kinds) document.addEventListener(kind, heard, true);
    this.stop = stop;
  }
}

function pointed(target, x, y) {
  const host = target.closest('[class*="st-key-"]');
  const key = host ? [...host.classList].find((name) => name.startsWith("st-key-")).slice("st-key-".length) : "";
  const box = element(key).getBoundingClientRect();
  const share = (value) => Math.round(1000 * Math.min(1, Math.max(0, value))) / 1000;
  return { key, x: share((x - box.left) / box.width), y: share((y - box.top) / box.height) };
}

function element(key) {
  return document.querySelector(key ? `.st-key-${CSS.escape(key)}` : "[data-testid=stMainBlockContainer]");
}

function ring() {
  const made = document.createElement("div");
  made.className = "fovea-spotlight";
  made.setAttribute("aria-hidden", "true");
  Object.assign(made.style, { position: "fixed", pointerEvents: "none", zIndex: "1000000", border: "4px solid #D55E00", boxShadow: "0 0 0 3px #FFFFFF, 0 0 0 200vmax rgba(0, 0, 0, 0.25)", transition: calm() ? "none" : "all 0.2s" });
  return made;
}

function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}
