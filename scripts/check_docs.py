"""Every link, command and path that the documents name exists. Exit 1 where one does not.

python scripts/check_docs.py [FILE …]
"""

import importlib.util
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app.cli import COMMANDS  # noqa: E402

PLACES: Final = ("core", "app", "workers", "tests", "scripts", "bench", "deploy", "stack", "docs",
                 "migrations")  # fmt: skip
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING: Final = re.compile(r"^#+ (.+)$", re.MULTILINE)
_MAKE: Final = re.compile(r"\bmake ([a-z]+)\b(?!\w)")
_COMMAND: Final = re.compile(r"\./datamind ([a-z-]+)")
_MODULE: Final = re.compile(r"python -m ([a-z_]+(?:\.[a-z_]+)*)\b(?!\.)")
_PATH: Final = re.compile(rf"`((?:{'|'.join(PLACES)})/[\w./-]*)`")
_CODE: Final = re.compile(r"`[^`\n]+`|^(?: {4}|\t)[^\n]*$|^```.*?^```", re.MULTILINE | re.DOTALL)


def documents() -> list[Path]:
    """All that is written for readers."""
    named = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")]
    return [*named, *sorted((ROOT / "docs").glob("*.md")), *sorted(ROOT.glob("[a-z]*/README.md"))]


def anchor(heading: str) -> str:
    """How a heading is called in an address."""
    plain = re.sub(r"[`*]|\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def problems(document: Path) -> Iterator[str]:
    """What the document names and what is not there, a sentence each."""
    text = document.read_text("utf-8")
    for target in _LINK.findall(text):
        yield from _link(document, target)
    code = "\n".join(_CODE.findall(text))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for name in _MAKE.findall(code):
        if name not in targets:
            yield f"there is no `make {name}`"
    for name in _COMMAND.findall(code):
        if name not in COMMANDS:
            yield f"there is no command ./datamind {name}"
    for name in _MODULE.findall(code):
        if importlib.util.find_spec(name) is None:
            yield f"there is no module {name}"
    for path in _PATH.findall(text):
        if not any((ROOT / path).parent.glob(f"{Path(path).name}*")):
            yield f"there is no {path}"


def _link(document: Path, target: str) -> Iterator[str]:
    if re.match(r"[a-z]+:", target):
        yield f"the address {target} leads out: documents name no hosts"
        return
    name, _, wanted = target.partition("#")
    path = (document.parent / name).resolve() if name else document
    if not path.exists():
        yield f"the link {target} leads nowhere"
    elif wanted and wanted not in map(anchor, _HEADING.findall(path.read_text("utf-8"))):
        yield f"the link {target} names a heading that is not there"


def main() -> int:
    """Print what is wrong; 1 when something is."""
    given = [Path(name) for name in sys.argv[1:]] or documents()
    found = [f"{document.name}: {said}" for document in given for said in problems(document)]
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
