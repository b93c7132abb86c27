"""The process's one opened DataMind, the same for screens, routes and workers."""

from core.datamind import DataMind

_opened: list[DataMind] = []


def use(dm: DataMind) -> None:
    """Make this the house of the process."""
    _opened[:] = [dm]


def datamind() -> DataMind:
    """The opened house. Raises RuntimeError before `use`."""
    if not _opened:
        raise RuntimeError("DataMind is not open: start it with python -m app.run")
    return _opened[0]
