"""The addresses of a customer's server, looked at each time before it is connected to.

A name is resolved once; the connection goes to an address that was looked at, so that a name that
answers otherwise the second time gains nothing.
"""

from core.connectors import unreachable
from core.connectors.base import Target
from core.errors import CannotConnect, NotAllowed
from core.security import outbound


def of(target: Target, port: int) -> tuple[str, ...]:
    """The addresses that the server may be reached at, the first one first.

    Raises CannotConnect for a name that is unknown, or that leads where it may not.
    """
    reach = target.reach
    try:
        found = outbound.pin_database(
            target.host, port, private=reach.private, allowed=reach.allowed
        )
    except NotAllowed as problem:
        raise CannotConnect(problem.message, problem.hint) from problem
    except CannotConnect as error:
        raise unreachable.no_such_host(target) from error
    return found.addresses
