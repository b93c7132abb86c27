"""SQL as people and attackers write it, drawn piece by piece for hypothesis.

Half of what is drawn only reads; the other half has pieces put in that would do harm, or look as
if they did: as an expression, a source, a step of WITH, before, behind or in the middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


@dataclass(frozen=True)
class Pieces:
    """What one engine adds to the common grammar.

    `numbers`, `texts` and `clauses` only read; `joined` puts two texts together. `calls` are
    expressions, `sources` stand in FROM, `steps` are WITH steps, `before` and `behind` whole ends
    of a statement, that would do harm. `quiet` ones among them leave no trace afterwards.
    """

    numbers: tuple[str, ...]
    texts: tuple[str, ...]
    clauses: tuple[str, ...]
    calls: tuple[str, ...]
    sources: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()
    quiet: tuple[str, ...] = ()
    joined: str = "CONCAT({}, {})"

    @property
    def harmful(self) -> tuple[str, ...]:
        """Every piece that would do harm."""
        return self.calls + self.sources + self.steps + self.before + self.behind

    @property
    def harms(self) -> tuple[str, ...]:
        """Each harmful piece as a statement of its own, the quiet ones left out."""
        shapes = {
            "SELECT {}": self.calls,
            "SELECT * FROM {}": self.sources,
            "WITH {} SELECT 1": self.steps,
            "{} SELECT 1 AS one": self.before,
            "SELECT c.id FROM customers c {}": self.behind,
        }
        return tuple(
            shape.format(piece)
            for shape, pieces in shapes.items()
            for piece in pieces
            if piece not in self.quiet
        )


DISGUISES = (
    "/* {} */",
    "-- {}\n",
    "/*! {} */",
    "/*!50000 {} */",
    "/*M! {} */",
    "# {}\n",
    "'{}'",
    '"{}"',
    "`{}`",
    "[{}]",
    "$${}$$",
    "$t${}$t$",
    "E'{}'",
    "U&'{}'",
    "N'{}'",
    "X'{}'",
    "{{{{ {} }}}}",
    "; {}",
    "({})",
    "(SELECT {})",
    "{} \\",
)
NOISE = (
    "\\'",
    "''",
    "'",
    '"',
    "`",
    ";",
    "/*",
    "*/",
    "--",
    "#",
    "\\",
    "\u00a0",
    "(",
    ")",
    ",",
    "@x",
)


@st.composite
def queries(draw: st.DrawFn, pieces: Pieces, piece: str = "") -> str:
    """One text that pretends to be a query. With a `piece`, that is the harm put in, and often."""
    return _Writer(draw, pieces, piece).statement()


@cache
def _below(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


class _Writer:
    def __init__(self, draw: st.DrawFn, pieces: Pieces, piece: str) -> None:
        self.draw = draw
        self.pieces = pieces
        self.piece = piece
        self.hostile = bool(piece) or self.chance(2)

    def pick(self, *options: T) -> T:
        return options[self.draw(_below(len(options)))]

    def chance(self, one_in: int) -> bool:
        return self.draw(_below(one_in)) == one_in - 1

    def harmful(self, kinds: Sequence[str], one_in: int) -> str:
        """Now and then one of these in a hostile text; mostly nothing."""
        if self.piece:
            kinds, one_in = [kind for kind in kinds if kind == self.piece], 2
        if not self.hostile or not kinds or not self.chance(one_in):
            return ""
        piece = self.pick(*kinds)
        return self.pick(*DISGUISES).format(piece) if self.chance(6) else piece

    def statement(self) -> str:
        sql = self.query(2)
        sql = " ".join(filter(None, [self.harmful(self.pieces.before, 8), sql]))
        if behind := self.harmful(self.pieces.behind, 4):
            sql = f"{sql} {behind}"
        if self.hostile and self.chance(8):
            sql = self.disturbed(sql)
        return sql

    def disturbed(self, sql: str) -> str:
        """Something strange between two words, or one word in other letters."""
        words = sql.split(" ")
        place = self.draw(_below(len(words)))
        strange = self.pick(*DISGUISES).format(self.pick("x", *self.pieces.calls))
        words[place] = self.pick(
            f"{strange} {words[place]}",
            f"{words[place]} {self.pick(*NOISE)}",
            words[place].swapcase(),
            f'"{words[place]}"',
            f"public.{words[place]}",
        )
        return " ".join(words)

    def query(self, depth: int) -> str:
        sql = self.select(depth)
        if depth and self.chance(4):
            joined = self.pick("UNION ALL", "UNION", "EXCEPT", "INTERSECT")
            sql = f"SELECT id, name FROM customers {joined} SELECT id, status FROM orders"
        if depth == 2 and self.chance(3):
            sql = f"WITH {self.steps(depth)} {sql}"
        return sql + self.pick("", "", " LIMIT 5", " LIMIT 3 OFFSET 1")

    def steps(self, depth: int) -> str:
        step = self.harmful(self.pieces.steps, 2) or f"one AS ({self.select(depth - 1)})"
        if self.chance(3):
            return (
                f"RECURSIVE {step}, n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4)"
            )
        return step

    def select(self, depth: int) -> str:
        condition = f" WHERE {self.condition(depth)}" if self.chance(3) else ""
        source = self.source(depth)
        if self.chance(4):
            having = f" HAVING {self.compared('MAX(c.id)')}" if self.chance(2) else ""
            columns = f"c.country, COUNT(*), SUM({self.number(depth)})"
            return f"SELECT {columns} FROM {source}{condition} GROUP BY c.country{having}"
        columns = ", ".join(self.column(depth, place) for place in range(self.pick(1, 2, 3)))
        order = self.pick("", " ORDER BY 1", " ORDER BY c.id DESC")
        return f"SELECT {columns} FROM {source}{condition}{order}"

    def column(self, depth: int, place: int) -> str:
        if harmful := self.harmful(self.pieces.calls, 6):
            return harmful + self.pick("", f" AS col{place}")
        window = self.pick("ORDER BY c.id", "PARTITION BY c.country ORDER BY c.id")
        shown = self.pick(
            lambda: self.number(depth),
            lambda: self.text(depth),
            lambda: f"SUM({self.number(0)}) OVER ({window})",
            lambda: f"ROW_NUMBER() OVER ({window})",
            lambda: (
                f"CASE WHEN {self.condition(depth)} THEN {self.text(0)} ELSE {self.text(0)} END"
            ),
        )()
        return shown + self.pick("", f" AS col{place}")

    def source(self, depth: int) -> str:
        if harmful := self.harmful(self.pieces.sources, 5):
            return self.pick(f"customers c, {harmful}", f"{harmful} AS c", harmful)
        if depth and self.chance(4):
            return f"customers c CROSS JOIN ({self.select(depth - 1)}) AS inside"
        join = "customers c LEFT JOIN orders o ON o.customer_id = c.id"
        return self.pick("customers c", "customers AS c", join, f"{join} AND {self.compared('1')}")

    def number(self, depth: int) -> str:
        if harmful := self.harmful(self.pieces.calls, 6):
            return harmful
        if not depth:
            return self.pick("c.id", "1", "2.5", *self.pieces.numbers)
        one = self.number(depth - 1)
        return self.pick(
            lambda: f"({one} {self.pick('+', '-', '*')} {self.number(depth - 1)})",
            lambda: f"COALESCE({one}, {self.number(depth - 1)})",
            lambda: f"ABS({one})",
            lambda: f"ROUND({one}, 1)",
            lambda: f"LENGTH({self.text(depth - 1)})",
            lambda: f"(SELECT MAX(o.total) FROM orders o WHERE o.customer_id = {one})",
            lambda: f"CASE WHEN {self.condition(depth - 1)} THEN {one} ELSE 0 END",
        )()

    def text(self, depth: int) -> str:
        if harmful := self.harmful(self.pieces.calls, 9):
            return harmful
        if not depth:
            return self.pick("c.name", "c.country", "'it''s; DELETE'", *self.pieces.texts)
        one = self.text(depth - 1)
        return self.pick(
            lambda: f"UPPER({one})",
            lambda: self.pieces.joined.format(one, self.text(0)),
            lambda: f"REPLACE({one}, 'a', 'b')",
            lambda: f"COALESCE({one}, '-')",
        )()

    def compared(self, left: str) -> str:
        return f"{left} {self.pick('<', '>=', '<>', '=')} {self.pick('1', '2', '9')}"

    def condition(self, depth: int) -> str:
        if not depth:
            return self.compared(self.number(0))
        return self.pick(
            lambda: f"{self.number(depth - 1)} < {self.number(depth - 1)}",
            lambda: f"{self.number(depth - 1)} BETWEEN 1 AND {self.number(0)}",
            lambda: f"{self.text(depth - 1)} LIKE '%a%'",
            lambda: (
                f"c.id IN (SELECT o.customer_id FROM orders o WHERE {self.compared('o.total')})"
            ),
            lambda: (
                "EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = "
                f"{self.number(0)} AND {self.condition(depth - 1)})"
            ),
            lambda: f"({self.condition(0)} AND {self.condition(depth - 1)})",
            lambda: f"NOT ({self.condition(0)} OR {self.condition(0)})",
            lambda: f"c.name IS {self.pick('', 'NOT ')}NULL",
            lambda: self.pick("c.id = c.id", *self.pieces.clauses),
        )()
