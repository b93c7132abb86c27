"""What the rows are sorted by, and in which direction."""

from typing import cast

from core.analyst.local.clauses.cursor import ASKING, Cursor
from core.analyst.local.clauses.items import Item
from core.analyst.local.clauses.tree import Sorting
from core.analyst.local.plan import Function
from core.analyst.local.spans import Span


class Orders(Cursor):
    """Reads orders and directions."""

    def sort(self) -> int:
        """What rows are sorted by, one or several columns with their directions."""
        used = 1
        count = False
        function: Function | None = None
        while (item := self.item(used)) is not None:
            if item.kind == "count":
                count = True
            elif item.kind == "aggregate":
                function = cast(Function, item.detail)
            elif item.kind in ("mention", "metric"):
                self.ask.sorting.append(Sorting(item.span, bool(self.sorting), count, function))
                count, function = False, None
                if self.item(used + 1) and self.item(used + 1).kind not in ("join", "direction"):  # type: ignore[union-attr]
                    return used + 1
            elif item.kind == "direction":
                self.sorting = item.detail == "desc"
                for sorting in self.ask.sorting:
                    sorting.descending = item.detail == "desc"
            elif item.kind in ("stop", "clause", "group", "superlative"):
                return used
            elif item.kind in ("join", "also"):
                ahead = self.item(used + 1)
                if ahead is not None and ahead.text in ASKING:
                    return used
            used += 1
        return used

    def direct(self, item: Item) -> int:
        """Ascending, alphabetical: about what is sorted by, named before or after."""
        descending = item.detail == "desc"
        if self.ask.sorting:
            for sorting in self.ask.sorting:
                sorting.descending = descending
            return 1
        aged = {"oldest", "youngest", "older", "younger"} & set(item.text.split())
        meanings = tuple(self.lexicon.meanings(("age",))) if aged else ()
        if meanings and item.span:
            span = Span("mention", item.first, item.last, item.text, meanings=meanings)
            self.ask.sorting.append(Sorting(span, descending))
            return 1
        following, ahead = self.after(1, "by", "order")
        if following and following.kind in ("mention", "count", "metric", "aggregate"):
            self.sorting = descending
            self.at += ahead - 1
            return self.sort()
        alphabetic = "alpha" in item.text or "lexic" in item.text
        self.ask.sorting.append(Sorting(None, descending, alphabetic=alphabetic))
        return 1
