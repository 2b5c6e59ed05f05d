"""A port on the loopback interface that can refuse connections for a while and stay ours."""

from __future__ import annotations

import socket
import sys

HOST = "127.0.0.1"
"""The only interface the stand-in is ever reachable on."""


class Port:
    """Holds a port by a socket that never listens, so that nobody else gets it while offline."""

    def __init__(self, number: int) -> None:
        self._holder = _bound_socket(number)
        self.number: int = self._holder.getsockname()[1]
        """The port's number."""

    def listening_socket(self) -> socket.socket:
        """A socket that accepts connections; while there is none, they are refused."""
        sock = _bound_socket(self.number)
        sock.listen(128)
        sock.setblocking(False)
        return sock

    def close(self) -> None:
        """Give the port back."""
        self._holder.close()


def _bound_socket(port: int) -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # On Linux two sockets may share an address this way unless one listens; BSDs ask for more.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if not sys.platform.startswith("linux"):
            reuse_port = getattr(socket, "SO_REUSEPORT", None)
            if reuse_port is not None:
                sock.setsockopt(socket.SOL_SOCKET, reuse_port, 1)
        sock.bind((HOST, port))
    except OSError:
        sock.close()
        raise
    return sock
