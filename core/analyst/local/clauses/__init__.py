"""Questions read as a tree of clauses: things, what must hold for them, and what is shown.

`parser` makes the tree from the spans, `building` binds it to the schema as a plan.
"""

from datetime import date

from core.analyst.local.clauses.building import build
from core.analyst.local.clauses.parser import parse
from core.analyst.local.clauses.rows import BareFigure
from core.analyst.local.grounding.binding import Grounded, NotGrounded
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.spans import Reading


def understand(reading: Reading, lexicon: Lexicon, today: date) -> Grounded:
    """The plan of a question. Raises NotGrounded when it does not fit the schema."""
    ask, unexplained = parse(reading, lexicon)
    if unexplained:
        raise NotGrounded("", unexplained)
    return build(ask, reading, lexicon, today)


__all__ = ["BareFigure", "understand"]
