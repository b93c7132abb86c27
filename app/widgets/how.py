"""How an answer came about: its data, conditions, time and rows, its SQL step by step, its cost."""

from typing import Final

import streamlit as st

from app.problems import plain
from core.conversations import Message
from core.how import Account, Counted, UsedTable
from core.types import ToldClause

_DEEPEST: Final = 3


def show(message: Message, account: Account) -> None:
    """Draw it all for one answer."""
    with st.container(key=f"how-{message.id}", gap="small"):
        _part("Read as", [message.reading, *message.assumptions])
        _part("Time", account.windows)
        _part("Conditions", account.conditions or [_none(account)])
        _part("Rows", [counted(account.counted, message)])
        _data(account.tables)
        _steps(str(message.id), account.clauses)
        _part("Cost", cost(message))


def _none(account: Account) -> str:
    return "None but the time." if account.windows else "None: all rows count."


def counted(rows: Counted, message: Message) -> str:
    """How many rows were read and left out, as far as they could be counted."""
    shown = f"{message.row_count:,}{'+' if message.truncated else ''}"
    ending = f"The answer has {shown} {'row' if message.row_count == 1 else 'rows'}."
    if rows.read is None and rows.kept is None:
        return f"The rows that were read are not counted. {ending}"
    if rows.read is None:
        return f"{rows.kept:,} rows meet the conditions; those left out are not counted. {ending}"
    if rows.kept is None:
        return f"{rows.read:,} rows were read, none was left out. {ending}"
    left_out = rows.read - rows.kept
    return (
        f"{rows.read:,} rows were read: {rows.kept:,} meet the conditions, "
        f"{left_out:,} were left out. {ending}"
    )


def cost(message: Message) -> list[str]:
    """What the answer took: time, tokens, and whether the database was asked."""
    usage = message.usage
    took = f"{message.milliseconds:,} ms from the question to the answer"
    place = "the result came from the cache" if message.cached else "asked of the database afresh"
    found = [f"{took}; {place}."]
    if usage.total:
        read = usage.input + usage.cache_read + usage.cache_write
        again = f", {usage.cache_read:,} of them from the model's cache" if usage.cache_read else ""
        found.append(f"{read:,} tokens read{again}; {usage.output:,} tokens written.")
    else:
        found.append("No tokens: no model was asked.")
    return found


def _part(title: str, lines: tuple[str, ...] | list[str]) -> None:
    told = [line for line in lines if line]
    if not told:
        return
    st.markdown("\n".join([f"**{title}**", "", *(f"- {plain(line)}" for line in told)]))


def _data(tables: tuple[UsedTable, ...]) -> None:
    if not tables:
        return
    lines: list[str] = ["**Data**", ""]
    for table in tables:
        meaning = f": {plain(table.meaning)}" if table.meaning else ""
        lines.append(f"- **{plain(table.name)}**{meaning}")
        for column in table.columns:
            told = f": {plain(column.meaning)}" if column.meaning else ""
            lines.append(f"    - {plain(column.name)}{told}")
    st.markdown("\n".join(lines))


def _steps(name: str, clauses: tuple[ToldClause, ...]) -> None:
    st.markdown("**The query, step by step**")
    for number, clause in enumerate(clauses):
        depth = min(clause.depth, _DEEPEST)
        with st.container(key=f"dm-depth-{depth}-{number}-{name}", gap="xsmall"):
            st.markdown(plain(clause.words))
            if clause.sql:
                st.code(clause.sql, language="sql", wrap_lines=True)
