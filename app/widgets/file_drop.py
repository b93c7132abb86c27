"""Choosing or dropping a file: the browser streams it to disk, past Streamlit's memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import streamlit as st

_DROP = st.components.v2.component(
    "datamind_file_drop",
    html="""
<label class="drop">
  <input type="file" aria-label="File to upload" />
  <span class="words"></span>
  <span class="hint"></span>
  <progress max="1" value="0" hidden></progress>
</label>
<p class="problem" role="alert"></p>
""",
    css="""
.drop { display: flex; flex-direction: column; gap: .25rem; align-items: center; cursor: pointer;
  padding: 1.5rem; border: 1px dashed var(--st-border-color); border-radius: var(--st-base-radius);
  background: var(--st-secondary-background-color); color: var(--st-text-color);
  font-family: var(--st-font); text-align: center; }
.drop:hover, .drop:focus-within, .drop.over { border-color: var(--st-primary-color); }
.drop input { position: absolute; opacity: 0; width: 1px; height: 1px; }
.words { font-weight: 600; overflow-wrap: anywhere; }
.hint { font-size: .875rem; opacity: .75; }
progress { width: 100%; accent-color: var(--st-primary-color); }
.problem { font-family: var(--st-font); color: var(--st-red-text-color, #b91c1c);
  margin: .5rem 0 0; }
.problem:empty { display: none; }
""",
    js="""
export default function ({ parentElement, data, setStateValue }) {
  const find = (name) => parentElement.querySelector(name);
  const drop = find(".drop"), input = find("input"), words = find(".words");
  const hint = find(".hint"), bar = find("progress"), problem = find(".problem");
  input.accept = data.endings.join(",");
  if (!drop.dataset.busy) {
    words.textContent = drop.dataset.name || "Choose a file, or drop it here";
    hint.textContent = drop.dataset.name ? "Choose another one" : data.hint;
  }
  const size = (bytes) => bytes > 1048576
    ? (bytes / 1048576).toFixed(1) + " MB" : Math.ceil(bytes / 1024) + " kB";
  const over = () => { delete drop.dataset.busy; input.value = ""; bar.hidden = true; };
  const refuse = (text) => {
    over();
    delete drop.dataset.name;
    words.textContent = "Choose a file, or drop it here";
    hint.textContent = data.hint;
    problem.textContent = text;
  };
  const send = (file) => {
    if (!file || drop.dataset.busy) return;
    problem.textContent = "";
    if (file.size > data.most * 1048576)
      return refuse("The file has " + size(file.size) + "; the limit is " + data.most + " MB.");
    drop.dataset.busy = "1";
    bar.hidden = false;
    bar.value = 0;
    words.textContent = file.name;
    const request = new XMLHttpRequest();
    request.open("POST", data.path + "?name=" + encodeURIComponent(file.name));
    request.upload.onprogress = (now) => {
      bar.value = now.total ? now.loaded / now.total : 0;
      hint.textContent = size(now.loaded) + " of " + size(now.total);
    };
    request.onload = () => {
      let told = {};
      try { told = JSON.parse(request.responseText); } catch (_) { told = {}; }
      if (request.status !== 200)
        return refuse((told.error || "The file did not arrive.") + " " + (told.hint || ""));
      over();
      drop.dataset.name = told.name;
      hint.textContent = "Choose another one";
      setStateValue("arrived", told);
    };
    request.onerror = () => refuse("The connection broke off. Choose the file again.");
    request.send(file);
  };
  input.onchange = () => send(input.files[0]);
  drop.ondragover = (event) => { event.preventDefault(); drop.classList.add("over"); };
  drop.ondragleave = () => drop.classList.remove("over");
  drop.ondrop = (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    send(event.dataTransfer.files[0]);
  };
}
""",
)


@dataclass(frozen=True)
class Dropped:
    """A file that has come: the id under which it waits, and its name."""

    id: UUID
    name: str


def show(endings: Sequence[str], most_mb: int, hint: str, key: str) -> Dropped | None:
    """Draw the place for a file; returns the file that has come, if any."""
    result = _DROP(
        data={"path": "/files", "endings": list(endings), "most": most_mb, "hint": hint},
        key=key,
        on_arrived_change=lambda: None,
    )
    told = result.get("arrived") or {}
    try:
        return Dropped(UUID(told["id"]), str(told["name"])) if told else None
    except (KeyError, ValueError):
        return None
