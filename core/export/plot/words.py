"""Text from a Plotly figure: there it is escaped and may hold tags, on paper it is plain."""

import html
import re
from typing import Any

_TAG = re.compile(r"</?(b|i|br|span|sub|sup|em|strong|a)\b[^>]*>", re.IGNORECASE)


def plain(text: Any) -> str:
    """The text as a person reads it, in one line."""
    if text is None:
        return ""
    return " ".join(html.unescape(_TAG.sub(" ", str(text))).replace("\u200b", "").split())
