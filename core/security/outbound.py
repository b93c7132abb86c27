"""Where the server itself may connect to: never a machine of the inside by somebody's address.

A name is resolved once, all of its addresses are looked at, and the connection goes to the one
that was looked at: a name that answers otherwise the second time gains nothing.
"""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from core.errors import CannotConnect, NotAllowed

EVERYTHING = "*"


@dataclass(frozen=True)
class Pinned:
    """A name and the addresses that it was found at, each looked at, the first one first."""

    host: str
    address: str
    addresses: tuple[str, ...] = ()


def pin(host: str, port: int, allowed: Sequence[str] = ()) -> Pinned:
    """Resolve a name to a public address, or to one that is allowed.

    `allowed` holds names, networks ("10.0.0.0/8") or "*". Raises NotAllowed when any address of
    the name is private, link-local, loopback, multicast or reserved, CannotConnect when the name
    is unknown.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CannotConnect(
            f"There is no server with the name “{host[:100]}”.", "Check the address."
        ) from error
    addresses = list(dict.fromkeys(str(info[4][0]).split("%")[0] for info in found))
    for address in addresses:
        if not is_public(address) and not _allowed(host, address, allowed):
            raise NotAllowed(
                f"“{host[:100]}” is an address inside of a network, and those are refused.",
                "Use a public address, or ask who runs this server to add it to "
                "ALLOWED_OUTBOUND_HOSTS.",
            )
    return Pinned(host, addresses[0], tuple(addresses))


def pin_database(host: str, port: int, *, private: bool, allowed: Sequence[str] = ()) -> Pinned:
    """Resolve the name of a database server. Private networks are where databases are, so they
    are refused only by setting; link-local addresses (metadata services) always.

    Raises NotAllowed, CannotConnect.
    """
    found = pin(host, port, (EVERYTHING,) if private else allowed)
    disguised = [one for ip in found.addresses for one in (ip, *_hidden(ip_address(ip)))]
    if any(ip_address(one).is_link_local for one in disguised):
        raise NotAllowed(
            f"“{host[:100]}” is no database: it is an address that a machine uses for itself.",
            "Enter the address of your database server.",
        )
    return found


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet, however it is disguised."""
    ip = ip_address(address)
    return ip.is_global and not ip.is_multicast and all(map(is_public, _hidden(ip)))


def _hidden(ip: IPv4Address | IPv6Address) -> list[str]:
    """IPv4 addresses inside of an IPv6 one: mapped, 6to4, Teredo, NAT64."""
    if isinstance(ip, IPv4Address):
        return []
    inside = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in ip_network("64:ff9b::/96"):
        inside.append(IPv4Address(int(ip) & 0xFFFFFFFF))
    return [str(found) for found in inside if found]


def _allowed(host: str, address: str, allowed: Sequence[str]) -> bool:
    for entry in allowed:
        if entry in (EVERYTHING, address) or entry.lower() == host.lower():
            return True
        try:
            if ip_address(address) in ip_network(entry, strict=False):
                return True
        except ValueError:
            continue
    return False
