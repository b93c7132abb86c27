"""Trust: what is true of a result, whether a text says no more than that, how sure an answer is.

`facts` computes, `prove` matches every figure of a text to a cell or a fact, `settle` keeps the
sentences that are proven, `grade` tells by rules how sure the answer is. Pure: what must be
asked of the data comes through callables that are passed in. docs/answers.md tells the rules.
"""

from core.trust.case import Case
from core.trust.facts import facts, figure
from core.trust.grade import MEANINGS, grade, in_words, worst_first
from core.trust.grid import LONGEST_LABEL, Grid
from core.trust.ground import Ground
from core.trust.periods import Calendar
from core.trust.probes import MOST_PROBES, Probes
from core.trust.proof import prove, settle
from core.trust.provenance import provenance
from core.trust.same import same_result
from core.trust.whole import Whole

__all__ = ["LONGEST_LABEL", "MEANINGS", "MOST_PROBES", "Calendar", "Case", "Grid", "Ground",
           "Probes", "Whole", "facts", "figure", "grade", "in_words", "prove", "provenance",
           "same_result", "settle", "worst_first"]  # fmt: skip
