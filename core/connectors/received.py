"""How many bytes a network connection has received: what bounds a result whose values are huge.

A driver hands out a value only when all of it is in memory, so counting what was handed out is
too late for one value of a gigabyte. The kernel counts what arrived.
"""

import socket
import struct
from contextlib import suppress
from typing import Final

# Linux's struct tcp_info: u64 tcpi_bytes_received, in <linux/tcp.h> since 4.1.
_BYTES_RECEIVED_AT: Final = 128
_LENGTH: Final = 136
_HELD_BACK: Final = 262_144


def so_far(descriptor: int) -> int:
    """Bytes received on an open TCP socket since it was connected.

    0 where nobody counts them: local sockets, systems other than Linux.
    """
    if not hasattr(socket, "TCP_INFO"):
        return 0
    try:
        with socket.socket(fileno=socket.dup(descriptor)) as connection:
            info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LENGTH)
    except OSError:
        return 0
    if len(info) < _LENGTH:
        return 0
    received: int = struct.unpack_from("=Q", info, _BYTES_RECEIVED_AT)[0]
    return received


def in_small_steps(descriptor: int) -> None:
    """Have the kernel hold back at most a few hundred kB, so that a driver comes back in between.

    libpq reads on for as long as there is something to read: without this, a server that is
    quick enough fills the memory before anybody can look. 512 kB under way still carry 10 MB/s
    over a line with 50 ms of delay.
    """
    with socket.socket(fileno=socket.dup(descriptor)) as connection, suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _HELD_BACK)
