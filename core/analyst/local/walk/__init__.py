"""Spans turned into an intent: state, comparing, naming and cues are the layers of one walk."""

from core.analyst.local.intent import Intent
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.spans import Reading
from core.analyst.local.walk.cues import Walk


def understand(reading: Reading, lexicon: Lexicon) -> Intent:
    """Sort the spans of a question into an intent."""
    return Walk(reading, lexicon).intent()


__all__ = ["understand"]
