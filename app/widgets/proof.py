"""An answer's words, whose figures say where they come from when they are pointed at.

The browser gets data, never markup: names and values of a database may hold anything.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, Final
from unicodedata import bidirectional

import streamlit as st

from core.types import Proof, Provenance, Span

SHOWN: Final = frozenset({"number", "percent", "points", "money", "multiple", "ordinal", "date"})
Piece = dict[str, Any]
Paragraph = list[list[Piece]]

_TEXT = st.components.v2.component(
    "datamind_proof",
    isolate_styles=False,
    js="""
export default function ({ data, parentElement }) {
  const root = document.createElement("div");
  root.className = "dm-answer-text";
  const tip = document.createElement("div");
  tip.className = "dm-tip";
  tip.id = "dm-tip-" + data.id;
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  let shown = null;

  const hide = () => {
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  };
  const line = (text, name) => {
    if (!text) return;
    const part = document.createElement("div");
    part.className = name;
    part.dir = "auto";
    part.textContent = text;
    tip.append(part);
  };
  const show = (figure, told) => {
    tip.replaceChildren();
    line(told.what, "dm-tip-what");
    line(told.exact, "dm-tip-exact");
    line(told.where, "dm-tip-where");
    tip.hidden = false;
    shown = figure;
    figure.setAttribute("aria-describedby", tip.id);
    // A figure may be broken over two lines: the tip stands at the line that was pointed at.
    const at = figure.getClientRects()[0] || figure.getBoundingClientRect();
    const home = root.getBoundingClientRect();
    const left = Math.max(0, Math.min(at.left - home.left, home.width - tip.offsetWidth));
    const under = at.bottom + tip.offsetHeight + 12 < window.innerHeight;
    const top = under ? at.bottom - home.top + 6 : at.top - home.top - tip.offsetHeight - 6;
    tip.style.left = left + "px";
    tip.style.top = top + "px";
  };

  for (const paragraph of data.paragraphs) {
    const p = document.createElement("p");
    p.dir = data.dir;
    paragraph.forEach((words, index) => {
      if (index) p.append(document.createElement("br"));
      for (const { text, bold, name, told } of words) {
        // A name may be written from right to left: it must not turn the sentence around it.
        const part = document.createElement(name ? "bdi" : "span");
        part.textContent = text;
        if (bold) part.className = "dm-bold";
        if (told) {
          part.classList.add("dm-figure");
          part.tabIndex = 0;
          part.addEventListener("pointerenter", () => show(part, told));
          part.addEventListener("pointerleave", (event) => {
            if (event.pointerType === "mouse" && document.activeElement !== part) hide();
          });
          part.addEventListener("focus", () => show(part, told));
          part.addEventListener("blur", hide);
          part.addEventListener("click", () => show(part, told));
        }
        p.append(part);
      }
    });
    root.append(p);
  }
  const escape = (event) => { if (event.key === "Escape") hide(); };
  document.addEventListener("keydown", escape);
  root.append(tip);
  parentElement.replaceChildren(root);
  return () => document.removeEventListener("keydown", escape);
}
""",
)


def show(
    name: str, text: str, proof: Proof | None, told: Callable[[Span], Provenance | None]
) -> None:
    """Draw the words of one answer under a name of its own; `told` says where a figure is from."""
    _TEXT(
        data={
            "id": name,
            "dir": direction(text),
            "paragraphs": paragraphs(text, proof, told),
        },
        key=f"proof-{name}",
    )


def direction(text: str) -> str:
    """Which way a text runs: that of most of its letters, not of a name that it begins with."""
    kinds = [bidirectional(letter) for letter in text]
    right = sum(kind in ("R", "AL") for kind in kinds)
    return "rtl" if right > sum(kind == "L" for kind in kinds) else "ltr"


def paragraphs(
    text: str, proof: Proof | None, told: Callable[[Span], Provenance | None]
) -> list[Paragraph]:
    """The text as paragraphs of lines of pieces: words, whether they are bold or a name, and what
    a figure among them tells. `**` begins and ends what is bold; nothing else is markup."""
    spans = [s for s in proof.spans if s.source and s.kind in (*SHOWN, "name")] if proof else []
    lines: Paragraph = [[]]
    for piece in _bold(_cut(text, spans, told)):
        for number, part in enumerate(piece["text"].split("\n")):
            if number:
                lines.append([])
            if part:
                lines[-1].append({**piece, "text": part})
    return [list(group) for filled, group in groupby(lines, key=bool) if filled]


def left_out(proof: Proof | None) -> str:
    """What the proof left out of the answer, in words; empty where nothing was."""
    if proof is None or not proof.dropped:
        return ""
    if proof.dropped == 1:
        return "1 sentence was left out: its number is not in the result."
    return f"{proof.dropped} sentences were left out: their numbers are not in the result."


def _cut(
    text: str, spans: Sequence[Span], told: Callable[[Span], Provenance | None]
) -> list[Piece]:
    """The text cut at its figures. Spans that do not fit the text, or overlap, are left alone."""
    found: list[Piece] = []
    at = 0
    for span in sorted(spans, key=lambda s: s.start):
        if span.start < at or text[span.start : span.end] != span.text or not span.text:
            continue
        said = told(span) if span.kind in SHOWN else None
        named = span.kind == "name"
        found.append({"text": text[at : span.start], "told": None, "name": False})
        found.append({"text": span.text, "told": _lines(said) if said else None, "name": named})
        at = span.end
    return [*found, {"text": text[at:], "told": None, "name": False}]


def _bold(pieces: Sequence[Piece]) -> list[Piece]:
    found: list[Piece] = []
    bold = False
    for piece in pieces:
        for number, part in enumerate(piece["text"].split("**")):
            bold = bold != bool(number)
            if part:
                found.append({**piece, "text": part, "bold": bold})
    return found


def _lines(said: Provenance) -> dict[str, str]:
    rounded = ", rounded in the sentence" if said.rounded else ""
    exact = f"Exactly {said.exact}{rounded}" if said.exact else ""
    return {"what": said.what, "exact": exact, "where": said.where}
