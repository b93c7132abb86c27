"""An answer: figure first, how it was read, picture, table, SQL, what can be done, what next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import streamlit as st

from app.problems import plain, prose, shown
from app.problems import show as show_problem
from app.widgets import chart, grade, how, proof, rating, reading_chips, result_table, verify
from app.widgets.rating import Rate
from app.widgets.reading_chips import Change
from app.widgets.verify import Standing, Verify
from core import answers, charts, export, trust
from core.answers import Download
from core.conversations import Message
from core.feedback import Rating
from core.how import Account
from core.types import ChartSpec, QueryResult


@dataclass(frozen=True)
class Ask:
    """Ask a follow-up."""

    question: str


@dataclass(frozen=True)
class Save:
    """Keep the answer's query under a name."""

    name: str
    shared: bool


@dataclass(frozen=True)
class Watch:
    """Be told when the answer's figure turns bad."""


@dataclass(frozen=True)
class Pin:
    """Keep the answer in sight on a dashboard."""


@dataclass(frozen=True)
class Choose:
    """Take one of the readings that are offered."""

    index: int


@dataclass(frozen=True)
class AskBuiltIn:
    """Have the built-in analyst answer what the model could not."""

    question: str


Wish = Ask | AskBuiltIn | Choose | Pin | Save | Watch | Change | Verify | Rate


def asked(message: Message) -> None:
    """The person's own words."""
    with st.container(key=f"asked-{message.id}"):
        st.markdown(plain(message.text))


# Streamlit's chat runs to the end of the page whenever something grows, under the hand of a person
# who has opened a menu further up. It does so by setting `scrollTop`, which is why that is refused.
_SCROLL = st.components.v2.component(
    "datamind_scroll",
    js="""
export default function ({ data }) {
  const page = document.querySelector(".stMain");
  const real = Object.getOwnPropertyDescriptor(Element.prototype, "scrollTop");
  Object.defineProperty(page, "scrollTop", {
    get: real.get, set: () => {}, configurable: true,
  });
  const release = () => { delete page.scrollTop; };
  // Once the person scrolls or clicks after having asked, the page is theirs: an answer that
  // comes later does not take it back.
  if (!window.datamindHands) {
    window.datamindHands = { moved: 0, asked: {} };
    for (const sign of ["wheel", "pointerdown", "keydown", "touchstart"])
      window.addEventListener(
        sign, () => { window.datamindHands.moved = performance.now(); }, { capture: true });
  }
  const hands = window.datamindHands;
  hands.asked[data.asked] ??= performance.now();
  const seen = "datamind-seen-" + data.id;
  if (sessionStorage.getItem(seen)) return release;
  sessionStorage.setItem(seen, "1");
  const bring = () => {
    if (hands.moved > hands.asked[data.asked]) return;
    const found = document.querySelector(".st-key-asked-" + data.asked);
    if (found) found.scrollIntoView({ block: "start" });
  };
  for (const delay of [50, 300, 900, 1800]) setTimeout(bring, delay);
  return release;
}
""",
)


def bring_up(asked_id: str, *, answered: bool) -> None:
    """Scroll to a question, once when it is asked and once when it is answered.

    The figure comes first, not the end of the page; from then on the page stays where it is.
    """
    of = f"{asked_id}-{'answered' if answered else 'asked'}"
    with st.container(key="silent-scroll"):
        _SCROLL(data={"id": of, "asked": asked_id}, key=f"scroll-{of}")


def show(
    message: Message,
    question: str,
    *,
    whole: Callable[[], QueryResult],
    account: Callable[[], Account],
    redraw: Callable[[ChartSpec | None], None],
    today: date | None = None,
    offer: reading_chips.Offer | None = None,
    download: Callable[[str], Download],
    may_save: bool,
    standing: Standing | None = None,
    rated: Rating | None = None,
    last: bool,
) -> Wish | None:
    """Draw an answer and return what the person wants with it, if anything.

    `whole` fetches the full result, for charts of more rows than are kept with the message;
    `account` how it came about, when the person wants to know; `redraw` keeps another chart of it,
    None for the one it came with. `offer` are its reading chips,
    `standing` whether it is verified, for a person who may verify, `rated` what the person said.
    """
    with st.container(key=f"answer-{message.id}"):
        if message.error:
            show_problem(message.error, message.hint)
        if message.offers_built_in and last:
            key = f"built-in-{message.id}"
            if st.button("Ask the built-in analyst", icon=":material/calculate:", key=key):
                return AskBuiltIn(question)
        if message.text:
            with st.container(key=f"answer-text-{message.id}"):
                _words(message)
        _how_sure(message)
        wish: Wish | None = reading_chips.show(str(message.id), offer) if offer else None
        if message.preview is not None:
            _views(message, message.preview, whole, account, redraw, today)
            wish = _actions(message, question, download, may_save, standing) or wish
            if standing and standing.leans:
                wish = verify.written_out(message, question) or wish
        elif message.sql:
            with st.expander("The SQL that was tried"):
                st.code(message.sql, language="sql", wrap_lines=True)
        wish = rating.show(str(message.id), rated) or wish
        return _next(message, last) or wish


def _words(message: Message) -> None:
    """The sentence. Without figures that can be pointed at it is plain text like any other."""
    if message.proof is None or not message.proof.spans:
        st.markdown(prose(message.text))
        return
    proof.show(
        str(message.id),
        message.text,
        message.proof,
        lambda span: trust.provenance(
            span,
            rows=message.row_count,
            preview=message.preview,
            facts=message.facts,
            truncated=message.truncated,
        ),
    )


def _how_sure(message: Message) -> None:
    """The grade with its reasons, what the proof left out, how the question was read."""
    if not (message.grade or message.reading):
        return
    with st.container(
        horizontal=True, vertical_alignment="center", gap="small", key=f"sure-line-{message.id}"
    ):
        if message.grade:
            grade.badge(str(message.id), message.grade)
        if message.reading:
            st.markdown(f":material/travel_explore: {plain(message.reading)}")
        if message.assumptions:
            with st.popover("Assumptions", type="tertiary", icon=":material/info:"):
                for assumption in message.assumptions:
                    st.markdown(f"- {plain(assumption)}")
    if message.verified:
        verify.matched(str(message.id), message.verified)
    missing = proof.left_out(message.proof)
    if missing:
        st.caption(missing)


@st.fragment
def _views(
    message: Message,
    preview: QueryResult,
    whole: Callable[[], QueryResult],
    account: Callable[[], Account],
    redraw: Callable[[ChartSpec | None], None],
    today: date | None,
) -> None:
    """Picture, table, SQL, and how it came about, which is only worked out when it is opened."""
    pictured = message.chart is not None and message.chart.kind != "table"
    names = ["Chart", "Table", "SQL", "How"] if pictured else ["Table", "SQL", "How"]
    if not pictured and message.chart is not None and len(charts.kinds(message.chart, preview)) > 1:
        names.insert(1, "Chart")
    opened = st.tabs(names, key=f"views-{message.id}", on_change="rerun")
    tabs = dict(zip(names, opened, strict=True))
    if message.chart is not None and "Chart" in tabs:
        with tabs["Chart"]:
            wanted = chart.show(
                str(message.id),
                message.chart,
                preview,
                message.row_count,
                whole,
                suggested=message.suggested,
                today=today,
            )
            if wanted is not None:
                redraw(None if wanted == message.suggested else wanted)
    with tabs["Table"]:
        result_table.show(preview, key=f"table-{message.id}")
        if message.row_count > preview.row_count:
            more = f"{message.row_count:,}{'+' if message.truncated else ''}"
            st.caption(f"The first {preview.row_count:,} of {more} rows. Export has them all.")
    with tabs["SQL"]:
        st.code(message.sql or "", language="sql", wrap_lines=True)
    if tabs["How"].open:
        with tabs["How"], shown():
            how.show(message, account())
    with st.container(key=f"dm-meta-{message.id}"):
        st.caption(_measured(message))


def _measured(message: Message) -> str:
    rows = f"{message.row_count:,}{'+' if message.truncated else ''}"
    parts = [
        f"{message.milliseconds / 1000:.1f} s",
        f"{rows} {'row' if message.row_count == 1 else 'rows'}",
        "cached" if message.cached else "fresh",
    ]
    if message.usage.total:
        parts.append(f"{message.usage.total:,} tokens")
    if message.analyst:
        parts.append("built-in analyst" if message.analyst == "local" else message.analyst.title())
    return " · ".join(parts)


def _actions(
    message: Message,
    question: str,
    download: Callable[[str], Download],
    may_save: bool,
    standing: Standing | None,
) -> Wish | None:
    wish: Wish | None = None
    with st.container(horizontal=True, key=f"actions-{message.id}"):
        if standing:
            wish = verify.button(message, standing)
        if may_save:
            if st.button("Pin", icon=":material/keep:", key=f"pin-{message.id}"):
                wish = Pin()
            with st.popover("Save", icon=":material/bookmark_add:"):
                name = st.text_input(
                    "Name", question[:80], max_chars=255, key=f"save-name-{message.id}"
                )
                shared = st.checkbox("Share with the organization", key=f"shared-{message.id}")
                if st.button("Save query", type="primary", key=f"save-{message.id}"):
                    wish = Save(name, shared)
        if may_save and st.button("Alert", icon=":material/add_alert:", key=f"watch-{message.id}"):
            wish = Watch()
        with st.popover("Export", icon=":material/download:"):
            pictured = message.chart is not None and message.chart.kind != "table"
            for fmt, form in export.offered(pictured).items():
                st.download_button(
                    form.label,
                    data=lambda fmt=fmt: download(fmt).content,
                    file_name=answers.file_name(answers.title_of(message), fmt),
                    mime=form.mime,
                    key=f"export-{fmt}-{message.id}",
                    width="stretch",
                    on_click="ignore",
                )
    return wish


def _next(message: Message, last: bool) -> Wish | None:
    """Readings to choose from, or what could be asked next; only under the last answer."""
    if not last:
        return None
    if not (message.options or message.suggestions):
        return None
    with st.container(horizontal=True, key=f"next-{message.id}"):
        for index, option in enumerate(message.options):
            label = f"{option.label}: {option.figure}" if option.figure else option.label
            if st.button(plain(label), key=f"option-{message.id}-{index}"):
                return Choose(index)
        for index, question in enumerate(message.suggestions):
            if st.button(plain(question), key=f"next-{message.id}-{index}"):
                return Ask(question)
    return None
