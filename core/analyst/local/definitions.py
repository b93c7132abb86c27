"""Terms that the question explains itself: "ASP = average sale price", as a glossary would.

A plain definition is put in the question's words; one with arithmetic is read as figures, and
the result is calculated from them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from core.analyst.local.grounding import Grounded, NotGrounded
from core.analyst.local.plan import Amount, Measure

Read = Callable[[str], Grounded | None]

_DEFINED = re.compile(
    r"""(?:^|(?<=[.?!;(]))\s*(?:note(?:\s+that)?:?\s+|where\s+|with\s+)?
    (?P<term>[A-Za-z][\w/%-]*(?:\s+[\w/-]+){0,3}?)(?:\s*\((?P<alias>[^)]{3,60})\))?
    \s*(?:=|:=|\s+is\s+defined\s+as|\s+refers\s+to|\s+stands\s+for|\s+means|\s+is\s+calculated\s+as
    |\s+is\s+computed\s+as)\s*(?P<said>(?:[^.;?!]|\.(?=\d))+?)\s*(?=$|[.;?!]+\s*(?:\)|$|[A-Z]))""",
    re.IGNORECASE | re.VERBOSE,
)
_ASIDE = re.compile(
    r"""(?:^|(?<=[.?!(]))\s*(?:to\s+get\s+[^.]*\bjoin\b[^.]*|always\s+(?:join|order)\b[^.]*
    |truncate\s+[^.]*|(?:order|sort)\s+results?\s+with\s+nulls\s+last)\s*(?=[.)]|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_JOINING = re.compile(
    r",?\s*\b(?:by\s+doing|based\s+on|by|using)\s+(?:an?\s+)?(?:(?:left|inner|right|outer)\s+)*"
    r"join(?:ing)?\b[^.?!]*",
    re.IGNORECASE,
)
_OF_TABLE = re.compile(r"\s+(?:in|from|of) the (\w+) table\b", re.IGNORECASE)
_ARITHMETIC = re.compile(r"\s[-+/*]\s|/|\)\s*[-+/*]")
_LEAF = re.compile(r"[A-Za-z_][\w' ]*")


@dataclass(frozen=True)
class Term:
    """A term with what it is said to be."""

    name: str
    said: str

    @property
    def calculated(self) -> bool:
        """Whether it is calculated from other figures."""
        return bool(_ARITHMETIC.search(self.said))

    @property
    def stand_in(self) -> str:
        """The words that stand for it in the question: of a calculation, its first figure."""
        if not self.calculated:
            return self.said
        first = _LEAF.search(self.said)
        return first.group().strip() if first else self.said


def take(text: str) -> tuple[str, tuple[Term, ...]]:
    """A question with its terms put in words, and the terms that it defined."""
    terms = []
    for found in _DEFINED.finditer(text):
        said = _OF_TABLE.sub("", found["said"]).strip()
        said = said if _balanced(said) else said.removesuffix(")")
        said = re.sub(r"\s+in (?:dollars|euros|usd|eur)$", "", said, flags=re.IGNORECASE)
        if len(found["term"].split()) <= 3 and said and not re.search(r"[\w]\(|'", said):
            terms.append(Term(found["term"].strip(), said.strip()))
    if not terms and not _ASIDE.search(text) and not _JOINING.search(text):
        return text, ()
    rest = _JOINING.sub("", _ASIDE.sub("", _DEFINED.sub("", text)))
    rest = re.sub(r"\(\s*[.;]*\s*\)", "", rest)
    rest = re.sub(r"\(\s*[.;\s]*$|[.;\s]+\)\s*$", "", rest)
    for term in terms:
        rest = re.sub(rf"\b{re.escape(term.name)}\b", term.stand_in, rest, flags=re.IGNORECASE)
    return " ".join(rest.split()), tuple(terms)


def calculated(terms: tuple[Term, ...], grounded: Grounded, read: Read) -> Grounded:
    """The plan with each calculated term in the place of its stand-in. Raises NotGrounded."""
    for term in terms:
        if not term.calculated:
            continue
        first = _read(term.stand_in, read)
        measure = _Calculation(term.said, read).measure(term.name)
        plan = grounded.plan
        at = [i for i, m in enumerate(plan.measures) if _alike(m, first)]
        ordered = [i for i, o in enumerate(plan.order) if o.measure and _alike(o.measure, first)]
        if not at and not ordered:
            raise NotGrounded("", (term.name,))
        measures, order = list(plan.measures), list(plan.order)
        for i in at[:1]:
            measures[i] = measure
        for i in ordered:
            order[i] = replace(order[i], measure=measure)
        plan = replace(plan, measures=tuple(measures), order=tuple(order))
        told = f"{term.name} is {term.said}, as the question says."
        grounded = replace(grounded, plan=plan, assumptions=[*grounded.assumptions, told])
    return grounded


def _alike(one: Measure, other: Measure) -> bool:
    return replace(one, label="") == replace(other, label="")


def _read(phrase: str, read: Read) -> Measure:
    understood = read(phrase)
    plan = understood.plan if understood else None
    if not plan or len(plan.measures) != 1 or plan.groups or plan.conditions:
        raise NotGrounded("", (phrase,))
    return plan.measures[0]


class _Calculation:
    """Sums and differences of figures, at most one division, times 100 for percent."""

    def __init__(self, said: str, read: Read) -> None:
        self.said = said
        self.read = read

    def measure(self, label: str) -> Measure:
        """The calculated figure. Raises NotGrounded when it is of another form."""
        said, percent = re.subn(r"\s*\*\s*100\b|\b100(?:\.0)?\s*\*\s*", " ", self.said)
        above, *below = self._cut(_bare(said), "/")
        if len(below) > 1:
            raise NotGrounded("", (self.said,))
        named = "_".join(label.lower().split())
        figure = self._sum(_bare(above))
        if not below:
            return replace(figure, label=named, percent=bool(percent))
        per = self._sum(_bare(below[0]))
        return replace(figure, label=named, per=per, percent=bool(percent))

    def _sum(self, said: str) -> Measure:
        first, *others = self._cut(said, "+-")
        figure = _read(first.strip(), self.read)
        for part in others:
            other = _read(part[1:].strip(), self.read)
            if not (figure.amount and other.amount and figure.function == other.function == "sum"):
                raise NotGrounded("", (said,))
            sign = 1 if part[0] == "+" else -1
            terms = tuple((sign * s, fields) for s, fields in other.amount.terms)
            figure = replace(figure, amount=Amount((*figure.amount.terms, *terms)))
        return figure

    def _cut(self, said: str, signs: str) -> list[str]:
        """Cut at the signs outside of brackets; later parts keep a sign of a sum."""
        parts, depth = [""], 0
        for i, c in enumerate(said):
            depth += {"(": 1, ")": -1}.get(c, 0)
            spaced = c == "/" or said[i - 1 : i + 2].strip() != said[i - 1 : i + 2]
            if c in signs and not depth and spaced and parts[-1].strip():
                parts.append("" if c == "/" else c)
            else:
                parts[-1] += c
        return parts


def _bare(said: str) -> str:
    said = said.strip()
    while said.startswith("(") and said.endswith(")") and _balanced(said[1:-1]):
        said = said[1:-1].strip()
    return said


def _balanced(said: str) -> bool:
    depth = 0
    for c in said:
        depth += {"(": 1, ")": -1}.get(c, 0)
        if depth < 0:
            return False
    return not depth
