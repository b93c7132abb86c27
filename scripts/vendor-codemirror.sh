#!/bin/sh
# Makes app/static/codemirror/: CodeMirror 6 with its SQL language as one ES module, and its licence.
# Needs npm; only for whoever renews it. A new version: change the lines, run, look at Explore's
# editor, commit. The lock file that npm makes from them is checked by its digests.
set -eu

home=$(cd "$(dirname "$0")/.." && pwd)/app/static/codemirror
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund --save-exact \
    codemirror@6.65.7 @codemirror/lang-sql@6.10.0 @codemirror/autocomplete@6.20.4 \
    @codemirror/commands@6.11.1 @codemirror/language@6.13.1 @codemirror/view@6.43.15 \
    @codemirror/state@6.7.6 @lezer/highlight@1.2.5 esbuild@0.28.2

cat >entry.js <<'JS'
export { EditorState, Compartment, Prec } from "@codemirror/state";
export { EditorView, keymap, placeholder, lineNumbers, highlightActiveLine } from "@codemirror/view";
export { history, defaultKeymap, historyKeymap, insertNewlineAndIndent } from "@codemirror/commands";
export { bracketMatching, syntaxHighlighting, HighlightStyle } from "@codemirror/language";
export { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
export { sql, PostgreSQL, MySQL, MariaSQL, SQLite, StandardSQL } from "@codemirror/lang-sql";
export { tags } from "@lezer/highlight";
JS
npx esbuild entry.js --bundle --format=esm --minify --legal-comments=none --outfile=sql.js --log-level=warning

mkdir -p "$home"
cp node_modules/@codemirror/state/LICENSE "$home/LICENSE"
{
    echo "/*! CodeMirror 6 with its SQL language, bundled by scripts/vendor-codemirror.sh. MIT, see LICENSE. */"
    cat sql.js
} >"$home/codemirror-6.js"
echo "app/static/codemirror holds CodeMirror 6."
