"""How far an upload is: a word in a small file beside its destination, for whoever waits."""

from pathlib import Path


class Progress:
    """Says what is being done. The reader may be another process."""

    def __init__(self, destination: Path) -> None:
        self._path = place(destination)

    def step(self, what: str) -> None:
        """Say what is done now."""
        self._path.write_text(what, "utf-8")

    def over(self) -> None:
        """Nothing more is done."""
        self._path.unlink(missing_ok=True)


def place(destination: Path) -> Path:
    """Where the word about the upload to this destination is."""
    return destination.with_name(f"{destination.name}.progress")


def now(destination: Path) -> str:
    """What is being done for this destination; empty before and afterwards."""
    try:
        return place(destination).read_text("utf-8")
    except OSError:
        return ""
