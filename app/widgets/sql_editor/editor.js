/* The SQL editor, over CodeMirror. What is typed lives here until it is left, paused or run. */

const PAUSE_MS = 600;
const editors = new WeakMap();
let library = null;

export default function ({ data, parentElement, setStateValue }) {
  if (!editors.has(parentElement)) editors.set(parentElement, new Editor(parentElement));
  const editor = editors.get(parentElement);
  editor.tell = setStateValue;
  library ??= import(new URL(data.library, window.location.origin).href);
  library.then((code) => editor.show(code, data));
}

class Editor {
  constructor(root) {
    this.root = root;
    this.view = null;
    this.version = null;
    this.told = null;     // the text that Python knows
    this.runs = Date.now();
    this.timer = null;
    this.known = "";      // dialect and tables that completion goes by
  }

  show(code, data) {
    if (!this.view) this.build(code, data);
    const known = data.dialect + JSON.stringify(data.tables);
    if (known !== this.known) {
      this.known = known;
      this.view.dispatch({ effects: this.language.reconfigure(this.sql(code, data)) });
    }
    if (data.version !== this.version) {
      this.version = data.version;
      this.told = data.text;
      const { length } = this.view.state.doc;
      this.view.dispatch({ changes: { from: 0, to: length, insert: data.text } });
    }
  }

  build(code, data) {
    const { EditorView, keymap, Prec } = code;
    const frame = document.createElement("div");
    frame.className = "dm-sql";
    this.root.append(frame);
    this.language = new code.Compartment();
    this.view = new EditorView({
      parent: frame,
      doc: data.text,
      extensions: [
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => this.run() }])),
        code.lineNumbers(),
        code.history(),
        code.bracketMatching(),
        code.closeBrackets(),
        code.autocompletion(),
        code.highlightActiveLine(),
        code.syntaxHighlighting(colours(code)),
        keymap.of([
          ...code.closeBracketsKeymap, ...code.completionKeymap, ...code.historyKeymap,
          ...code.defaultKeymap,
        ]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": data.label }),
        EditorView.domEventHandlers({ blur: () => { this.report(); } }),
        EditorView.updateListener.of((update) => { if (update.docChanged) this.pause(); }),
        this.language.of([]),
      ],
    });
    this.version = data.version;
    this.told = data.text;
  }

  sql(code, data) {
    return code.sql({
      dialect: code[data.dialect],
      schema: data.tables,
      upperCaseKeywords: true,
    });
  }

  text() { return this.view.state.doc.toString(); }

  pause() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.report(), PAUSE_MS);
  }

  report() {
    clearTimeout(this.timer);
    const text = this.text();
    if (text === this.told) return;
    this.told = text;
    this.tell("text", { text, version: this.version });
  }

  run() {
    clearTimeout(this.timer);
    const { from, to } = this.view.state.selection.main;
    const part = this.view.state.sliceDoc(from, to).trim();
    this.runs += 1;
    this.told = this.text();
    this.tell("text", { text: this.told, version: this.version });
    this.tell("run", { text: this.told, part, version: this.version, count: this.runs });
    return true;
  }
}

function colours({ HighlightStyle, tags }) {
  return HighlightStyle.define([
    { tag: [tags.keyword, tags.operatorKeyword, tags.typeName], class: "dm-sql-word" },
    { tag: [tags.string, tags.special(tags.string)], class: "dm-sql-text" },
    { tag: [tags.number, tags.bool, tags.null], class: "dm-sql-number" },
    { tag: [tags.lineComment, tags.blockComment], class: "dm-sql-note" },
  ]);
}
