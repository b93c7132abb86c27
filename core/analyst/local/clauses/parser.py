"""From the spans of a question to its clause tree, in one pass with two states.

At the head, names are outputs or the subject; after a marker (who, with, in ...) they
restrict the thing in scope. "And what ...", "along with" and a new sentence return to the head.
"""

from core.analyst.local.clauses.cursor import FILL
from core.analyst.local.clauses.modifiers import Modifiers
from core.analyst.local.clauses.tree import Ask
from core.analyst.local.lexicon import Lexicon, vocabulary
from core.analyst.local.spans import Reading

_LISTING = ("list", "show", "give", "display", "find", "return", "which", "who", "what", "tell")


_BEFORE_VERBS = {"who", "that", "which", "does", "do", "did", "to", "they", "can", "could", "will"}


class Parser(Modifiers):
    """Reads one question."""

    def parse(self) -> Ask:
        """The clause tree."""
        self.ask.listing = bool(self.items) and self.items[0].text in _LISTING
        self._person_first()
        self.ask.when = bool(self.items) and self.items[0].text == "when"
        while self.at < len(self.items):
            item = self.items[self.at]
            used = self.modifier(item) if self.modifying else self.head(item)
            self.at += used
        if not self.modifying and self.held:
            self.modify()
        self.settle()
        return self.ask

    def _person_first(self) -> None:
        """Who is enrolled in ...: a person without a name; but who is the oldest student."""
        if not self.items or self.items[0].text not in ("who", "whose"):
            return
        ahead = 1
        while (item := self.item(ahead)) is not None and (
            item.text in FILL or item.kind in ("superlative", "implied", "number")
        ):
            ahead += 1
        named = item is not None and item.kind == "mention" and self.is_table(item)
        if self.items[0].text == "whose" or not named:
            self.ask.person = self.ask.named = True
            self.modifying = True
            self.at = 1

    def unexplained(self) -> tuple[str, ...]:
        """Words that nothing explains and that may tell which rows are meant."""
        missing = set(self.reading.unknown)
        found = []
        for i, token in enumerate(self.reading.tokens):
            if token.text not in missing or i in self.used or self._harmless(i):
                continue
            found.append(token.text)
        return tuple(dict.fromkeys(found))

    def _harmless(self, i: int) -> bool:
        """A verb form rarely restricts, unless it stands before a thing: the closed shops."""
        token = self.reading.tokens[i]
        if token.lemma in vocabulary("cues")["telling"]["words"] or not token.text.islower():
            return False
        before = self.reading.tokens[i - 1].lemma if i else ""
        if before in _BEFORE_VERBS:
            return True
        if not token.text.endswith(("ed", "ing")) or len(token.text) < 5:
            return False
        follows = any(s.first == i + 1 and s.kind == "mention" for s in self.reading.spans)
        return not (follows and before in ("the", "a", "an", "all", "of", "any"))


def parse(reading: Reading, lexicon: Lexicon) -> tuple[Ask, tuple[str, ...]]:
    """The clause tree of a question, and the words that it does not explain."""
    parser = Parser(reading, lexicon)
    return parser.parse(), parser.unexplained()
