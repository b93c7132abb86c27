"""An intent bound to a schema: every mention becomes a column, table or value of it.

Alternatives are scored by how well the words fit and how near they lie to the tables that the
question is surely about; what cannot be bound without guessing raises NotGrounded. The steps
are one class in layers, each layer a file: binding, figures, states, grouping, ranking,
conditions, timing, whole.
"""

from datetime import date

from core.analyst.local import dates
from core.analyst.local.grounding.binding import Grounded, NotGrounded
from core.analyst.local.grounding.editor import Editor, editor
from core.analyst.local.grounding.whole import Grounding
from core.analyst.local.intent import Intent
from core.analyst.local.lexicon import Lexicon
from core.analyst.local.spans import Reading


def ground(intent: Intent, reading: Reading, lexicon: Lexicon, today: date) -> Grounded:
    """Bind an intent. Raises NotGrounded when it does not fit the schema."""
    return Grounding(intent, reading, lexicon, today).run()


def dated(table: str, lexicon: Lexicon) -> bool:
    """Whether rows of the table can be placed in time."""
    return dates.choose(table, lexicon) is not None


__all__ = ["Editor", "Grounded", "NotGrounded", "dated", "editor", "ground"]
