"""Words: cutting text and names into lemmas, and telling how much two words resemble.

Everything here is plain English morphology; nothing knows about schemas.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(
    r"""(?P<quote>(?<![\w])(?:'[^']{1,80}'(?!\w)|"[^"]{1,80}"|“[^”]{1,80}”|‘[^’]{1,80}’))
      |(?P<date>\d{4}-\d{1,2}-\d{1,2})
      |(?P<number>\d+(?:,\d{3})*(?:\.\d+)?(?:[kKmM]\b)?)
      |(?P<word>[^\W\d_][\w]*(?:['’][a-z]+)?(?:\.[^\W\d_]\b)*)
      |(?P<sign>>=|<=|!=|<>|[<>=%$€£+/&-])
      |(?P<stop>[?.!,;:()])""",
    re.VERBOSE,
)
_IRREGULAR = {
    "people": "person", "children": "child", "men": "man", "women": "woman", "data": "data",
    "indices": "index", "criteria": "criterion", "series": "series", "species": "species",
    "news": "news", "sales": "sale", "staff": "staff", "lives": "life", "wives": "wife",
    "this": "this", "is": "is", "was": "was", "has": "has", "does": "does", "its": "its",
    "status": "status", "bonus": "bonus", "campus": "campus", "address": "address",
    "business": "business", "class": "class", "us": "us", "less": "less", "plus": "plus",
    "gas": "gas", "bus": "bus", "analysis": "analysis", "basis": "basis", "always": "always",
    "won": "win", "lost": "lose", "tos": "tos", "css": "css", "yes": "yes",
    "as": "as", "his": "his",
    "q1s": "q1",
    "movies": "movie", "cookies": "cookie", "pies": "pie", "ties": "tie", "gross": "gross",
    "mrr": "mrr", "previous": "previous", "revenues": "revenue", "expenses": "expense",
    "shoes": "shoe", "ids": "id", "canceled": "cancelled", "canceling": "cancelling",
    "cancelation": "cancellation", "cancelations": "cancellation", "sept": "september",
}  # fmt: skip
_NUMBERS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20,
    "thirty": 30, "fifty": 50, "hundred": 100, "thousand": 1000, "once": 1, "twice": 2,
    "dozen": 12,
}  # fmt: skip
_SHORT = {
    "didnt": "didn't", "dont": "don't", "doesnt": "doesn't", "hasnt": "hasn't",
    "havent": "haven't", "yr": "year", "yrs": "years", "ppl": "people", "qtr": "quarter",
    "mth": "month", "mths": "months", "wk": "week", "wks": "weeks", "whats": "what's",
    "hows": "how's", "whos": "who's",
}  # fmt: skip
_TYPED_SHORT = re.compile(rf"\b(?:{'|'.join(_SHORT)})\b", re.IGNORECASE)
_SPLIT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_A-Za-z]+")


@dataclass(frozen=True)
class Token:
    """One word of a question. `quoted` words are values and nothing else."""

    text: str
    lemma: str
    number: float | None = None
    quoted: bool = False
    stop: bool = False


def cleaned(text: str) -> str:
    """A text as it is read: letters in one form, nothing invisible, control signs as spaces."""
    kinds = ((c, unicodedata.category(c)) for c in unicodedata.normalize("NFKC", text))
    return "".join(" " if kind == "Cc" else c for c, kind in kinds if kind not in ("Cf", "Cs"))


@lru_cache(maxsize=20_000)
def lemma(word: str) -> str:
    """The dictionary form of a noun, lower case: plural and possessive taken off."""
    word = word.lower().replace("’", "'")
    for ending in ("'s", "s'", "'"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            word = word[: -len(ending)] + ("s" if ending == "s'" else "")
            break
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "ches", "shes", "xes", "zzes")):
        return word[:-2]
    if len(word) > 5 and word.endswith(("uses",)) and not word.endswith(("houses", "causes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is", "ous")):
        return word[:-1]
    return word


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A rough stem that brings a verb and its noun together: cancelled, cancellation."""
    for ending in (
        "izations",
        "ization",
        "ations",
        "ation",
        "ments",
        "ment",
        "ings",
        "ing",
        "ions",
        "ion",
        "ers",
        "er",
        "ors",
        "or",
        "ed",
        "es",
        "e",
        "s",
        "al",
        "y",
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


def several(name: str) -> str:
    """A name for more than one: orders, cities; what ends in s stays."""
    if name.endswith("s"):
        return name
    return f"{name[:-1]}ies" if name.endswith("y") else f"{name}s"


def tokens(text: str) -> tuple[Token, ...]:
    """Cut a question into tokens; punctuation that ends a phrase is kept as a stop."""
    return tuple(_tokens(_TYPED_SHORT.sub(lambda m: _SHORT[m[0].lower()], text)))


def _tokens(text: str) -> Iterator[Token]:
    for match in _TOKEN.finditer(text):
        piece = match.group()
        if match.lastgroup == "quote":
            inner = piece[1:-1].strip()
            yield Token(inner, inner.lower(), quoted=True)
        elif match.lastgroup == "number":
            yield Token(piece, piece, number=None if is_code(piece) else _number(piece))
        elif match.lastgroup == "stop":
            yield Token(piece, piece, stop=True)
        elif match.lastgroup == "word":
            word = lemma(piece)
            value = None if piece.lower() == "ones" else _NUMBERS.get(word)
            yield Token(piece, word, number=None if value is None else float(value))
        else:
            yield Token(piece, piece.lower())


def is_code(text: str) -> bool:
    """Whether digits are a name and no number: 00123 keeps its zeros."""
    return len(text) > 1 and text[0] == "0" and text.isdigit()


def _number(piece: str) -> float:
    scale = {"k": 1e3, "m": 1e6}.get(piece[-1].lower(), 1.0)
    return float(piece.rstrip("kKmM").replace(",", "")) * scale


def name_words(name: str) -> tuple[str, ...]:
    """The lemmas of a table or column name, whatever its style: OrderItems, order_items."""
    return tuple(lemma(part) for part in _SPLIT.findall(name))


def name_parts(name: str) -> tuple[str, ...]:
    """The words of a name as they are written, lower case: clicks stay clicks."""
    return tuple(part.lower() for part in _SPLIT.findall(name))


def typo_distance(left: str, right: str, most: int = 2) -> int:
    """Edits (with swaps of neighbours) between two words; `most` + 1 when there are more."""
    if abs(len(left) - len(right)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        following = [i]
        for j, b in enumerate(right, 1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        before, row = row, following
        if min(row) > most:
            return most + 1
    return row[-1]


def resembles(typed: str, known: str) -> bool:
    """Whether `typed` is probably `known` with a typing error; short words never are."""
    shortest = min(len(typed), len(known))
    if shortest < 4 or typed[0] != known[0]:
        return False
    return typo_distance(typed, known) <= (1 if shortest < 7 else 2)
