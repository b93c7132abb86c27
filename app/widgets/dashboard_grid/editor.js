/* The editor of a dashboard's layout, over gridstack. Places come from Python and go back to it;
   in between they live here: a rerun of the screen moves nothing that a person has moved. */

const COLUMNS = 12;
const KINDS = {
  kpi: ["speed", "Figure"],
  chart: ["bar_chart", "Chart"],
  table: ["table_rows", "Table"],
  text: ["notes", "Text"],
};
const STEPS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};
const editors = new WeakMap();
let library = null;

export default function ({ data, parentElement, setStateValue }) {
  if (!editors.has(parentElement)) editors.set(parentElement, new Editor(parentElement));
  const editor = editors.get(parentElement);
  editor.send = (layout) => setStateValue("layout", layout);
  library ??= import(new URL(data.library, window.location.origin).href);
  library.then(({ GridStack }) => editor.show(GridStack, data));
  return () => { if (!parentElement.isConnected) editor.close(); };
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

function icon(name) {
  const made = element("span", "dm-arrange-icon", name);
  made.setAttribute("aria-hidden", "true");
  return made;
}

class Editor {
  constructor(root) {
    this.root = root;
    this.grid = null;
    this.frame = null;
    this.cast = "";       // which tiles are drawn; places do not belong to it
    this.order = [];
    this.kept = "";       // the layout that Python knows, or has been sent
    this.sent = null;     // the last change that was sent to Python
    this.before = null;   // the layout before the keyboard began to move a tile
    this.busy = false;    // a tile hangs on the mouse
  }

  show(GridStack, data) {
    const cast = JSON.stringify(data.tiles.map(({ id, title, kind }) => [id, title, kind]));
    const current = this.sent === null || data.settled === this.sent;
    if (cast !== this.cast) {
      const mine = new Map(current || !this.grid ? [] : this.layout().map((p) => [p.id, p]));
      this.build(GridStack, data, data.tiles.map((tile) => ({ ...tile, ...mine.get(tile.id) })));
      this.cast = cast;
      this.kept = JSON.stringify(this.placed(data.tiles));
      if (mine.size) this.keep();
      return;
    }
    // Older than what the person did last: what is on the screen stays.
    if (!current || this.busy || this.before) return;
    const told = this.placed(data.tiles);
    if (JSON.stringify(told) === JSON.stringify(this.layout())) return;
    this.grid.load(told, false);
    this.kept = JSON.stringify(this.layout());
    this.label();
  }

  close() {
    this.grid?.destroy(false);
    this.grid = null;
    this.cast = "";
  }

  placed(tiles) {
    return tiles.map(({ id, x, y, w, h }) => ({ id, x, y, w, h }));
  }

  layout() {
    const found = new Map(this.grid.engine.nodes.map((node) => [node.id, node]));
    return this.placed(this.order.map((id) => found.get(id)));
  }

  build(GridStack, data, tiles) {
    const held = document.activeElement?.closest?.(".dm-tile")?.dataset.tile;
    this.grid?.destroy(false);
    this.before = null;
    this.busy = false;
    this.order = tiles.map((tile) => tile.id);
    const frame = element("div", "dm-arrange");
    const bar = element("div", "dm-arrange-bar");
    const help = element("p", "dm-arrange-help", data.words.help);
    help.id = "dm-arrange-help";
    const tidy = element("button", "dm-arrange-tidy", data.words.tidy);
    tidy.type = "button";
    tidy.addEventListener("click", () => this.tidy(data.words));
    bar.append(help, tidy);
    const surface = element("div", "grid-stack dm-arrange-surface");
    const narrow = element("div", "dm-arrange-narrow");
    narrow.append(icon("desktop_windows"), element("p", "", data.words.narrow));
    this.voice = element("div", "dm-arrange-voice");
    this.voice.setAttribute("aria-live", "polite");
    frame.append(bar, narrow, surface, this.voice);
    // Beside what else is in the root: Streamlit keeps this component's style sheet there.
    this.frame?.remove();
    this.frame = frame;
    this.root.append(frame);

    this.grid = GridStack.init({
      column: COLUMNS,
      cellHeight: data.row_height,
      margin: 4,
      minRow: 4,
      mode: "float",
      animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
      alwaysShowResizeHandle: true,
      draggable: { handle: ".dm-tile-grip" },
      resizable: { handles: "se" },
    }, surface);
    this.grid.batchUpdate();
    for (const tile of tiles) surface.append(this.draw(tile));
    for (const drawn of [...surface.children]) {
      const tile = tiles.find((t) => t.id === drawn.dataset.tile);
      const { id, x, y, w, h } = tile;
      const minW = Math.min(tile.min_w, w), minH = Math.min(tile.min_h, h);
      this.grid.makeWidget(drawn, { id, x, y, w, h, minW, minH });
    }
    this.grid.batchUpdate(false);
    this.grid.on("dragstart resizestart", () => {
      this.keep();
      this.busy = true;
    });
    this.grid.on("dragstop resizestop", (_, moved) => queueMicrotask(() => {
      this.busy = false;
      this.label();
      if (this.keep()) this.say(this.told(moved.gridstackNode));
      moved.querySelector(".dm-tile")?.focus({ preventScroll: true });
    }));
    this.label();
    if (held) this.tile(held)?.focus({ preventScroll: true });
  }

  draw(tile) {
    const [symbol, word] = KINDS[tile.kind] ?? KINDS.chart;
    const item = element("div", "grid-stack-item");
    item.dataset.tile = tile.id;
    const content = element("div", "grid-stack-item-content dm-tile");
    content.dataset.tile = tile.id;
    content.dataset.name = tile.title || word;
    content.dataset.word = word;
    content.tabIndex = 0;
    content.setAttribute("role", "group");
    content.setAttribute("aria-roledescription", "movable tile");
    content.setAttribute("aria-describedby", "dm-arrange-help");
    const grip = element("div", "dm-tile-grip");
    const title = element("bdi", "dm-tile-title", tile.title || word);
    title.title = tile.title;
    grip.append(icon("drag_indicator"), title);
    const body = element("div", "dm-tile-body");
    body.append(icon(symbol), element("span", "", word));
    content.append(grip, body);
    content.addEventListener("keydown", (event) => this.press(event, item));
    content.addEventListener("blur", () => this.keep());
    item.append(content);
    return item;
  }

  press(event, item) {
    if (event.ctrlKey || event.altKey || event.metaKey || this.busy) return;
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      this.step(item, step, event.shiftKey);
    } else if (event.key === "Enter" && this.before) {
      event.preventDefault();
      this.say(this.keep() ? "Kept." : "Nothing has changed.");
    } else if (event.key === "Escape" && this.before) {
      event.preventDefault();
      event.stopPropagation();
      this.grid.load(this.before.map((place) => ({ ...place })), false);
      this.before = null;
      this.label();
      this.say("Taken back.");
    }
  }

  step(item, [right, down], resizes) {
    const node = item.gridstackNode;
    const was = [node.x, node.y, node.w, node.h].join();
    const before = this.before ?? this.layout();
    const wanted = resizes
      ? { w: Math.min(node.w + right, COLUMNS - node.x), h: node.h + down }
      : { x: Math.max(0, Math.min(node.x + right, COLUMNS - node.w)), y: Math.max(0, node.y + down) };
    this.grid.update(item, wanted);
    if ([node.x, node.y, node.w, node.h].join() === was) {
      this.say(resizes ? "No other size fits here." : "It cannot move further.");
      return;
    }
    this.before = before;
    this.label();
    this.say(this.told(node));
    item.scrollIntoView({ block: "nearest" });
  }

  tidy(words) {
    this.grid.compact("compact");
    this.label();
    this.say(this.keep() ? words.tidied : words.tidy_already);
  }

  /** Hand the layout to Python if it is another than the one known there. */
  keep() {
    this.before = null;
    if (!this.grid) return false;
    const layout = this.layout();
    if (JSON.stringify(layout) === this.kept) return false;
    this.kept = JSON.stringify(layout);
    this.sent = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
    this.send({ change: this.sent, places: layout });
    return true;
  }

  tile(id) {
    return [...this.root.querySelectorAll(".dm-tile")].find((tile) => tile.dataset.tile === id);
  }

  told({ id, x, y, w, h }) {
    const name = this.tile(id).dataset.name;
    return `${name}: column ${x + 1}, row ${y + 1}, ${w} wide, ${h} high`;
  }

  label() {
    for (const node of this.grid.engine.nodes) {
      const tile = this.tile(node.id);
      tile.setAttribute("aria-label", `${this.told(node)}, ${tile.dataset.word.toLowerCase()}`);
    }
  }

  say(text) {
    this.voice.textContent = text;
  }
}
