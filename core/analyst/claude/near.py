"""Names that were probably meant, for a database that only says which name it does not know."""

import re
from difflib import get_close_matches
from typing import Final

from core.types import DatabaseSchema

MOST_NAMED: Final = 3
_QUOTED: Final = re.compile(r"[\"'`“]([^\"'`”]{1,128})[\"'`”]|column:? (\w+(?:\.\w+)?)")


def told(message: str, schema: DatabaseSchema) -> str:
    """The message, and for each unknown name in it the known ones that look like it."""
    if "did you mean" in message.lower():
        return message
    columns: dict[str, list[str]] = {}
    for table in schema.tables:
        for column in table.columns:
            columns.setdefault(column.name.lower(), []).append(f"{table.name}.{column.name}")
    tables = {table.name.lower(): [table.name] for table in schema.tables}
    meant = []
    for match in _QUOTED.finditer(message):
        name = (match[1] or match[2]).rpartition(".")[2].lower()
        if not name or name in columns or name in tables:
            continue
        near = get_close_matches(name, {**columns, **tables}, n=MOST_NAMED)
        known = [where for one in near[:1] for where in tables.get(one, columns.get(one, []))]
        if known:
            meant.append(f"did you mean {' or '.join(known[:MOST_NAMED])} instead of {name}?")
    return f"{message} {' '.join(dict.fromkeys(meant))}".strip()
