"""Reads the answer's text out of JSON that is still being written, so that it can be streamed."""

import json
import re
from typing import Final

_START: Final = re.compile(r'\{\s*"text"\s*:\s*"')
_END: Final = re.compile(r'(?<!\\)(?:\\\\)*"')
_HALF_ESCAPE: Final = re.compile(r"(?<!\\)(?:\\\\)*(\\(?:u[0-9a-fA-F]{0,3})?)\Z")
_HIGH_SURROGATE: Final = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}(?:\\(?:u[0-9a-fA-F]{0,3})?)?\Z")


class LiveText:
    """Fed with pieces of an object whose first field is "text"; returns what can be shown now.

    Text before an object, or without one, is passed on as it is: a server may ignore the form.
    """

    def __init__(self) -> None:
        self._heard = ""
        self._shown = 0

    @property
    def text(self) -> str:
        """The answer's text as far as it has come."""
        bare = self._heard.lstrip()
        before, brace, _ = bare.partition("{")
        if before.startswith("`"):
            before = ""
        start = _START.search(bare) if brace else None
        return before + (_decoded(bare[start.end() :]) if start else "")

    def add(self, piece: str) -> str:
        """Take the next piece; returns the text that it adds to the answer."""
        self._heard += piece
        whole = self.text
        new, self._shown = whole[self._shown :], max(self._shown, len(whole))
        return new


def _decoded(body: str) -> str:
    """The string that begins the text, up to its closing quote or to what has come of it."""
    end = _END.search(body)
    if end:
        body = body[: end.end() - 1]
    else:
        for unfinished in (_HALF_ESCAPE, _HIGH_SURROGATE):
            if cut := unfinished.search(body):
                body = body[: cut.start(1) if unfinished is _HALF_ESCAPE else cut.start()]
    try:
        return str(json.loads(f'"{body}"', strict=False))
    except json.JSONDecodeError:
        return ""
