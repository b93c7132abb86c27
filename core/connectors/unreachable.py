"""Why a database server cannot be reached, in sentences for the person who set it up."""

from core.connectors import failures
from core.connectors.base import Target
from core.errors import CannotConnect


def wrong_password(target: Target) -> CannotConnect:
    """The server knows the person or not; it does not accept these."""
    return CannotConnect(
        f"The database did not accept the user “{target.username}” with this password.",
        "Check both; after a change of the password on the server, enter the new one here.",
    )


def no_such_database(target: Target) -> CannotConnect:
    """The server answers, but has no database of that name."""
    return CannotConnect(
        f"There is no database “{target.database}” on this server.",
        "Check its spelling; upper and lower case count.",
    )


def not_admitted(target: Target) -> CannotConnect:
    """The server's own rules keep this user or this address out."""
    return CannotConnect(
        f"The server does not admit the user “{target.username}” from here.",
        "Ask its administrator to allow this address (pg_hba.conf, or the account's host).",
    )


def no_such_host(target: Target) -> CannotConnect:
    """The name of the host means nothing."""
    return CannotConnect(
        f"The host “{target.host}” was not found.", "Check its spelling, or use its address."
    )


def nobody_listens(target: Target) -> CannotConnect:
    """The host refuses the connection."""
    return CannotConnect(
        f"Nothing answers at {target.host}, port {target.port}.",
        "Check the port, and that the database is running and listens on the network.",
    )


def no_answer(target: Target, seconds: float) -> CannotConnect:
    """The host does not answer in time."""
    return CannotConnect(
        f"{target.host} did not answer within {seconds:g} seconds.",
        "Check the address, and that no firewall stands between.",
    )


def no_tls(target: Target) -> CannotConnect:
    """An encrypted connection was demanded; the server offers none."""
    return CannotConnect(
        f"{target.host} offers no encrypted connection.",
        "Have TLS switched on there, or choose “prefer” for encryption.",
    )


def tls_failed(target: Target) -> CannotConnect:
    """The certificate could not be checked, or is another host's."""
    return CannotConnect(
        f"The certificate of {target.host} could not be trusted.",
        "Check the certificate authority and the host's name, or choose “require”.",
    )


def too_many(target: Target) -> CannotConnect:
    """The server is full."""
    return CannotConnect(
        f"{target.host} has no connection free.", "Try again in a moment, or raise its limit."
    )


def lost() -> CannotConnect:
    """The connection broke while a query was running."""
    return CannotConnect(
        "The database closed the connection.", "Try again; if it happens again, look at its log."
    )


def not_examined(error: BaseException) -> CannotConnect:
    """The server broke off while the doctor was asking."""
    return CannotConnect(
        f"The account could not be examined: {failures.reason(error)}.",
        "Try again; if it happens again, look at the database's log.",
    )


def otherwise(error: BaseException) -> CannotConnect:
    """Anything else, in the driver's words."""
    return CannotConnect(
        f"The database could not be reached: {failures.reason(error)}.",
        "Check host, port, database, user and password.",
    )
