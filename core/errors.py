"""The small family of errors that a person may see.

`message` is a sentence for the person; `hint` says what to do about it. Neither ever holds a
password or another tenant's data. A driver's exception is translated once, where the driver
is called, with ``raise … from error``; `app/problems.py` turns these into messages.
"""

import errno
from collections.abc import Iterator
from contextlib import contextmanager


class DataMindError(Exception):
    """Something a person can understand and act on."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UnsafeSql(DataMindError):
    """The guard refused SQL: it does more than read, or reads what it may not."""


class QueryFailed(DataMindError):
    """The database refused or broke off a query that the guard let through."""


class QueryTimedOut(QueryFailed):
    """The query ran longer than the limit and was ended on the database."""


class QueryCancelled(QueryFailed):
    """The person pressed Stop; the query was ended on the database."""


class CannotConnect(DataMindError):
    """The database could not be reached or did not let us in."""


class AnalystFailed(DataMindError):
    """The analyst could not work: no answer from the model, or an unusable one."""


class BadUpload(DataMindError):
    """A file that cannot be read as tables."""


class DiskFull(BadUpload):
    """There is no room for a file on the server."""

    def __init__(
        self,
        message: str = "The server’s disk is full: the file could not be kept.",
        hint: str = "Nothing else is lost. Tell whoever runs this server, then try again.",
    ) -> None:
        super().__init__(message, hint)


@contextmanager
def room_needed() -> Iterator[None]:
    """What is written inside needs room on the disk. Raises DiskFull where there is none."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise DiskFull from error


class BadInput(DataMindError):
    """A form was filled in with something that cannot be accepted."""


class NotAllowed(DataMindError):
    """The person's role does not permit this."""


class NotFound(DataMindError):
    """No such thing in the person's own organization."""


class LimitReached(DataMindError):
    """A limit of the organization, or of how often something may be done."""


class BadSettings(DataMindError):
    """The installation is configured in a way that it cannot safely run with."""
