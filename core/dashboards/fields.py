"""Reading YAML field by field: what is wrong is said with its line and the field's name."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import yaml  # type: ignore[import-untyped]

from core.errors import BadInput

LONGEST: Final = 2_000_000


@dataclass(frozen=True)
class Field:
    """A place in a YAML text: its name from the top ("tiles[2].sql"), and what stands there."""

    name: str
    node: yaml.Node

    def wrong(self, what: str, hint: str = "Correct the file and import it again.") -> BadInput:
        """The error that names line and field; `what` is a sentence."""
        name = f", {self.name}" if self.name else ""
        return BadInput(f"Line {self.node.start_mark.line + 1}{name}: {what}", hint)

    def parts(self, known: Iterable[str], required: Iterable[str] = ()) -> dict[str, "Field"]:
        """The fields of a mapping. Raises BadInput for others, for one twice, and without one."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.wrong("Fields are expected here, such as “title: Morning”.")
        allowed = list(known)
        found: dict[str, Field] = {}
        for key, node in self.node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            part = Field(f"{self.name}.{name}".removeprefix("."), key)
            if name not in allowed:
                raise part.wrong(f"This field is not known. Known are {', '.join(allowed)}.")
            if name in found:
                raise part.wrong("This field is there twice.")
            found[name] = Field(part.name, node)
        for name in required:
            if name not in found:
                raise self.wrong(f"The field {name} is missing.")
        return found

    def items(self) -> list["Field"]:
        """The entries of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.wrong("A list is expected here.")
        return [Field(f"{self.name}[{n}]", node) for n, node in enumerate(self.node.value)]

    def text(self) -> str:
        """A value as text; nothing is an empty one."""
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.wrong("A text is expected here.")
        return "" if self.node.tag.endswith(":null") else str(self.node.value)

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(item.text() for item in self.items())

    def one_of(self, known: Iterable[str]) -> str:
        """One of some words."""
        allowed = list(known)
        if self.text() not in allowed:
            raise self.wrong(f"“{self.text()[:60]}” is none of {', '.join(allowed)}.")
        return self.text()

    def whole(self) -> int:
        """A whole number."""
        try:
            return int(self.text())
        except ValueError:
            raise self.wrong("A whole number is expected here.") from None


def read(text: str) -> Field:
    """The whole text as a field. Raises BadInput, with the line, for what is no YAML."""
    if len(text) > LONGEST:
        raise BadInput("The file is too large for a dashboard.", "Choose another file.")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"Line {mark.line + 1}" if mark else "The file"
        said = (error.problem or "it cannot be read").strip()
        raise BadInput(f"{line} is no YAML: {said}.", "Correct the file and import it.") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise BadInput("The file is no YAML.", "Choose a dashboard that was exported.") from error
    if node is None:
        raise BadInput("The file is empty.", "Choose a dashboard that was exported.")
    return Field("", node)
