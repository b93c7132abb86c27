"""The lexicon: every way in which a schema can be spoken of, and how its tables connect.

Built once per schema and kept by its digest. Names are split and lemmatised, abbreviations
written out, synonyms added; each phrase leads to tables, columns or stored values, with a
score between 0 and 1 that says how sure the phrase means it.
"""

import hashlib
import re
import tomllib
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib import resources
from threading import Lock
from typing import Any

from core.analyst.local import roles, words
from core.analyst.local.joins import Joins
from core.analyst.local.plan import Field
from core.analyst.local.roles import Role
from core.types import DatabaseSchema, SchemaColumn, Table

Phrase = tuple[str, ...]
LONGEST = 6


@dataclass(frozen=True)
class Meaning:
    """What a phrase can mean: a table, a column of it, or a value stored in that column."""

    table: str
    column: str | None = None
    value: str | None = None
    score: float = 1.0

    @property
    def kind(self) -> str:
        """One of table, column and value."""
        return "value" if self.value is not None else "column" if self.column else "table"

    @property
    def field(self) -> Field:
        """The column meant (not for tables)."""
        return Field(self.table, self.column or "")


class Index(dict[Phrase, list[Meaning]]):
    """Phrases with what they can mean; each meaning stands once, with its best score."""

    def __init__(self) -> None:
        super().__init__()
        self._places: dict[tuple[Phrase, str, str | None, str | None], int] = {}

    def add(self, phrase: Phrase, meaning: Meaning) -> None:
        """Let a phrase mean this too; without words it means nothing."""
        if not phrase:
            return
        known = self.setdefault(phrase, [])
        place = (phrase, meaning.table, meaning.column, meaning.value)
        at = self._places.setdefault(place, len(known))
        if at == len(known):
            known.append(meaning)
        elif meaning.score > known[at].score:
            known[at] = meaning


@lru_cache(maxsize=1)
def synonyms() -> dict[Phrase, tuple[Phrase, ...]]:
    """For each phrase, the other phrases of its groups."""
    found: dict[Phrase, list[Phrase]] = {}
    for group in vocabulary("synonyms")["groups"]:
        phrases = [tuple(text.split()) for text in group]
        for phrase in phrases:
            found.setdefault(phrase, []).extend(p for p in phrases if p != phrase)
    return {phrase: tuple(others) for phrase, others in found.items()}


@lru_cache(maxsize=8)
def vocabulary(name: str) -> dict[str, Any]:
    """One of the word lists that come with the analyst, parsed."""
    path = resources.files("core.analyst.local").joinpath("vocabulary", f"{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


# Two words written as one: custid, sportname.
_JOINT = re.compile(r"^([a-z]{3,})(id|name|code|type)$")
_WHOLE = {"val", "inval", "sur", "nick", "re", "proto", "arche", "stereo", "liqu", "sol", "rap",
          "hybr", "afra", "outla", "unpa", "prepa", "andro", "plas"}  # fmt: skip


@lru_cache(maxsize=20_000)
def spoken(name: str) -> Phrase:
    """The words of a name as a person would say them: cust_nm is ("customer", "name")."""
    short: dict[str, str] = vocabulary("synonyms")["abbreviations"]
    whole = short.get(name.lower())
    if whole:
        return tuple(words.lemma(part) for part in whole.split())
    joint = _JOINT.match(name.lower())
    if joint and joint[1] not in _WHOLE:
        return (*spoken(joint[1]), joint[2])
    said: list[str] = []
    for word in words.name_words(name):
        said.extend(words.lemma(part) for part in short.get(word, word).split())
    return tuple(said) or (name.lower(),)


def _written(name: str) -> Phrase:
    """The words of a name with abbreviations written out and plurals kept."""
    short: dict[str, str] = vocabulary("synonyms")["abbreviations"]
    return tuple(w for part in words.name_parts(name) for w in short.get(part, part).split())


def rows_of(table: str) -> Phrase:
    """The words of a table's rows: those of parcels_2026 are parcels."""
    name = spoken(table)
    return tuple(word for word in name if not word.isdigit()) or name


def said(name: str) -> str:
    """A name in plain words: order_items is "order item"."""
    return " ".join(spoken(name)) or name


@dataclass
class Lexicon:
    """A schema as it is spoken of. Treat it as read-only: it is shared between questions."""

    schema: DatabaseSchema
    joins: Joins
    phrases: Index = field(default_factory=Index)
    values: Index = field(default_factory=Index)
    known_words: set[str] = field(default_factory=set)
    roles: dict[Field, Role] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tables = {table.name: table for table in self.schema.tables}

    def role(self, column: Field) -> Role:
        """What kind of thing the column holds."""
        return self.roles[column]

    def table(self, name: str) -> Table:
        """The table of that name in its own case, which must exist."""
        return self._tables[name]

    def column(self, at: Field) -> SchemaColumn:
        """The column, which must exist."""
        column = self.table(at.table).column(at.column)
        assert column is not None
        return column

    def added_up(self, at: Field) -> bool:
        """Whether asking how many means the sum of the column: beds, and not prices or ids."""
        return self.roles[at] is Role.NUMBER and not roles.averaged(spoken(at.column))

    def columns(self, table: str, *kinds: Role) -> tuple[Field, ...]:
        """Columns of a table that have one of the roles (all of them when none is named)."""
        found = (Field(table, c.name) for c in self.table(table).columns)
        return tuple(f for f in found if not kinds or self.roles[f] in kinds)

    def has_gaps(self, at: Field) -> bool:
        """Whether a text is known to be missing in places: who is not in Köln may be nowhere."""
        return self.role(at) is Role.TEXT and bool(self.column(at).null_percentage)

    def key(self, table: str) -> Field | None:
        """The primary key, when it is one column."""
        keys = [c.name for c in self.table(table).columns if c.primary_key]
        return Field(table, keys[0]) if len(keys) == 1 else None

    def names(self, table: str) -> tuple[Field, ...]:
        """The columns that name a row: a name or title, or first and last name together."""
        return roles.name_columns(self.table(table), self.roles, spoken)

    def counted(self, at: Field) -> str:
        """A name for the number of a column's values: bookings, where it says which row it is."""
        label = self.label(at)
        names_the_row = set(spoken(at.column)) <= set(spoken(at.table))
        return words.several(label) if names_the_row else f"different_{label}"

    def label(self, at: Field) -> str:
        """A readable name for a column of a result; a bare "name" borrows its table's."""
        said = spoken(at.column)
        written = _written(at.column)
        if said in (("name",), ("title",)):
            return "_".join(spoken(at.table))
        if said == ("id",):
            return "_".join((*spoken(at.table), "id"))
        if len(said) > 1 and said[-1] == "name" and said[:-1] == spoken(at.table):
            return "_".join(spoken(at.table))
        return "_".join(written)

    def meanings(self, phrase: Phrase) -> list[Meaning]:
        """Tables and columns that the phrase can mean."""
        return self.phrases.get(phrase, [])


_kept: OrderedDict[str, Lexicon] = OrderedDict()
_lock = Lock()


def of(schema: DatabaseSchema) -> Lexicon:
    """The lexicon of a schema; the 16 used last are kept."""
    digest = hashlib.sha256(repr(schema).encode()).hexdigest()
    with _lock:
        if digest in _kept:
            _kept.move_to_end(digest)
            return _kept[digest]
    built = build(schema)
    with _lock:
        _kept[digest] = built
        if len(_kept) > 16:
            _kept.popitem(last=False)
    return built


def build(schema: DatabaseSchema) -> Lexicon:  # noqa: PLR0912 - one branch per form of words
    """Index a schema: phrases for tables and columns, the values seen, and the joins.

    Tables without columns are left out: there is nothing to ask of them.
    """
    schema = replace(schema, tables=tuple(t for t in schema.tables if t.columns))
    lexicon = Lexicon(schema, Joins(schema))
    prefix = _common_prefix([spoken(t.name) for t in schema.tables])
    for table in schema.tables:
        for column in table.columns:
            lexicon.roles[Field(table.name, column.name)] = roles.of(table, column, spoken)
    for table in schema.tables:
        name = spoken(table.name)[prefix:]
        for phrase, score in _table_phrases(name):
            lexicon.phrases.add(phrase, Meaning(table.name, score=score))
        for column in table.columns:
            for phrase, score in _column_phrases(name, column):
                lexicon.phrases.add(phrase, Meaning(table.name, column.name, score=score))
            figure = spoken(column.name)
            if lexicon.roles[Field(table.name, column.name)] is Role.NUMBER and len(figure) > 1:
                whole = 0.9 if figure[0] in ("total", "full", "grand", "sum") else 0.86
                lexicon.phrases.add(
                    (*name[-1:], figure[-1]), Meaning(table.name, column.name, score=whole)
                )
            if lexicon.roles[Field(table.name, column.name)] is Role.TEXT:
                index_values(lexicon.values, table.name, column.name, column.samples)
    for table in schema.tables:
        for phrase, score in _named_by_key(table.name, lexicon):
            lexicon.phrases.add(phrase, Meaning(table.name, score=score))
        for at in lexicon.names(table.name):
            for word in ("name", "title"):
                lexicon.phrases.add((word,), Meaning(at.table, at.column, score=0.6))
                lexicon.phrases.add(
                    (*spoken(at.table), word),
                    Meaning(at.table, at.column, score=0.75),
                )
        named = spoken(lexicon.names(table.name)[0].column)
        if (
            len(named) == 2
            and named[1] == "name"
            and lexicon.role(lexicon.names(table.name)[0]) is Role.TEXT
        ):
            for phrase, score in _with_synonyms(named[:1], 0.9):
                lexicon.phrases.add(phrase, Meaning(table.name, score=score))
        for column in table.columns:
            if lexicon.roles[Field(table.name, column.name)] is Role.TEXT and (
                2 <= len(column.samples) < 10
            ):
                _index_parts(lexicon.values, table.name, column.name, column.samples)
    if len(schema.tables) == 1:
        for word in ("row", "record", "entry"):
            lexicon.phrases.add((word,), Meaning(schema.tables[0].name, score=0.9))
        if set(spoken(schema.tables[0].name)) <= _SAYS_NOTHING:
            _name_rows(lexicon, schema.tables[0])
    lexicon.known_words = {w for phrase in lexicon.phrases for w in phrase if len(w) >= 4}
    return lexicon


# Names of files and tables that do not say what their rows are.
_SAYS_NOTHING = {"list", "data", "table", "sheet", "export", "file", "book", "record", "result",
                 "entry", "report", "main", "upload", "dataset", "download", "tab",
                 "row"}  # fmt: skip
_PEOPLE = ("person", "student", "employee", "customer", "member", "user", "player", "patient",
           "guest", "participant")  # fmt: skip


def _name_rows(lexicon: Lexicon, table: Table) -> None:
    """A table called list or sheet whose rows have a first and last name holds people."""
    named = [spoken(at.column)[-2:] for at in lexicon.names(table.name)]
    if ("last", "name") in named or ("first", "name") in named:
        for word in _PEOPLE:
            lexicon.phrases.add((word,), Meaning(table.name, score=0.9))


def index_values(index: Index, table: str, column: str, stored: Iterable[str]) -> None:
    """Make stored values findable in any case, by their words."""
    for value in stored:
        said = tuple(
            t.lemma for t in words.tokens(value.replace("-", " ").replace("_", " ")) if not t.stop
        )
        joint = words.name_words(value) if len(said) == 1 and value.isalpha() else ()
        if 1 < len(joint) <= LONGEST:
            index.add(joint, Meaning(table, column, value))
        telling = any(c.isalpha() for c in value) or words.is_code(value)
        if said and len(said) <= LONGEST and telling:
            index.add(said, Meaning(table, column, value))


def _index_parts(index: Index, table: str, column: str, stored: Iterable[str]) -> None:
    """Words that tell one of a few values from all others: won finds Closed Won."""
    owners: dict[str, list[str]] = {}
    for value in stored:
        said = value.replace("-", " ").replace("_", " ").split()
        if len(said) == 2:
            for word in said:
                owners.setdefault(words.lemma(word), []).append(value)
    for word, values in owners.items():
        if len(values) == 1 and len(word) > 2:
            index.add((word,), Meaning(table, column, values[0], 0.8))


def _common_prefix(names: list[Phrase]) -> int:
    if len(names) < 3 or any(len(n) < 2 for n in names):
        return 0
    return 1 if len({n[0] for n in names}) == 1 else 0


def _table_phrases(name: Phrase) -> Iterable[tuple[Phrase, float]]:
    yield from _with_synonyms(name, 1.0)
    undated = tuple(word for word in name if not word.isdigit())
    if undated and undated != name:
        yield from _with_synonyms(undated, 0.99)
    if len(name) > 1:
        yield from _with_synonyms(name[-1:], 0.72)
        yield name[:-1], 0.55
    if name and name[0] in ("dim", "fact", "tbl", "stg", "vw"):
        yield from _with_synonyms(name[1:], 0.98)


_TRAILING = {"code", "id", "at", "on", "number", "name", "date", "type", "amount", "eur", "usd"}


def _named_by_key(table: str, lexicon: Lexicon) -> Iterable[tuple[Phrase, float]]:
    """Rows that a customer id tells apart are customers, whatever their table is called."""
    key = lexicon.key(table)
    keyed = spoken(key.column) if key else ()
    other = len(keyed) > 1 and keyed[-1] == "id" and not set(keyed[:-1]) & set(spoken(table))
    if key and other and not lexicon.column(key).references:
        yield from _with_synonyms(keyed[:-1], 0.85)


# Columns named so are told by their values: trips to Basel.
_LINKS = {(word,) for word in ("to", "from", "by", "of", "in", "on", "at", "for", "with", "and")}


def _column_phrases(  # noqa: PLR0912 - one branch per form of names
    table: Phrase, column: SchemaColumn
) -> Iterable[tuple[Phrase, float]]:
    name = spoken(column.name)
    yield (words.lemma(column.name),), 1.0
    if column.business_term:
        yield from _with_synonyms(spoken(column.business_term), 0.97)
    if not name:
        return
    yield from _with_synonyms(name, 1.0)
    if len(name) == 2:
        yield ("".join(name),), 1.0
    bare = tuple(w for w in name if w not in table)
    if bare and bare != name:
        yield from _with_synonyms(bare, 0.93)
    if name not in _LINKS and (len(name) == 1 or name[-1] in ("name", "id", "code")):
        yield (*table, *name), 1.0
        yield (*table[-1:], *name), 0.98
    if len(name) > 1 and name[-1] == "id":
        for word in ("number", "code", "identifier"):
            yield (*name[:-1], word), 0.85
    elif name == ("id",):
        for word in ("number", "code", "identifier"):
            yield (*table, word), 0.8
    for short in (name, bare):
        if len(short) > 1 and short[-1] in _TRAILING:
            yield from _with_synonyms(short[:-1], 0.8 if short[-1] not in ("id", "name") else 0.6)
        if len(short) > 1:
            yield short[-1:], 0.5
            yield short[:1], 0.55
            if len(short) > 2:
                yield short[1:], 0.7
                yield short[:-1], 0.6


def _with_synonyms(phrase: Phrase, score: float) -> Iterable[tuple[Phrase, float]]:
    yield phrase, score
    for other in synonyms().get(phrase, ()):
        yield other, score * 0.85
    if len(phrase) > 1:
        for i, word in enumerate(phrase):
            for other in synonyms().get((word,), ()):
                yield (*phrase[:i], *other, *phrase[i + 1 :]), score * 0.8
