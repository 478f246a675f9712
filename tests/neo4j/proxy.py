"""A wire to a server that can be cut, taken away, and put back."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any

BEGIN, READING = b"\xb1\x11", b"\x84mode\x81r"
COMMIT = b"\x00\x02\xb0\x12\x00\x00"
"""Messages of Bolt, and what tells that a transaction only reads."""


class Proxy:
    """Forwards every connection to the server; `uri` is where to reach it instead. A context manager."""

    def __init__(self, uri: str) -> None:
        host, _, port = uri.partition("://")[2].rpartition(":")
        self.target = (host, int(port))
        self._open: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self.port = self.lost = 0
        self._before_the_cut: Callable[[], object] | None = None
        self.listen()

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    def listen(self) -> None:
        """Take connections, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Break what is connected; new connections are taken."""
        with self._lock:
            broken, self._open = self._open, []
        for one in broken:
            with suppress(OSError):  # the other side was quicker
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def close(self) -> None:
        """Be gone: nobody listens any more."""
        if self._listener is not None:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None
        self.cut()

    def down_for(self, seconds: float) -> None:
        """Be gone, and come back after so many seconds."""
        self.close()

        def back() -> None:
            time.sleep(seconds)
            self.listen()

        threading.Thread(target=back, daemon=True).start()

    def lose_the_next_answer_to_a_commit(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        """The server commits what was written; `meanwhile` is called; the wire is cut before the client has heard."""
        self._before_the_cut = meanwhile

    def _up(self, client: socket.socket, server: socket.socket, muted: threading.Event) -> None:
        """From the client to the server."""
        reading = False
        for data in _received(client):
            if BEGIN in data:
                reading = READING in data
            if self._before_the_cut is not None and COMMIT in data and not reading:
                muted.set()
            server.sendall(data)

    def _down(self, server: socket.socket, client: socket.socket, muted: threading.Event) -> None:
        """From the server to the client."""
        for data in _received(server):
            if not muted.is_set():
                client.sendall(data)
                continue
            meanwhile, self._before_the_cut = self._before_the_cut, None
            self.lost += 1
            if meanwhile is not None:
                meanwhile()
            return

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            server = socket.create_connection(self.target)
            with self._lock:
                self._open += [client, server]
            muted = threading.Event()
            for pump, one, other in ((self._up, client, server), (self._down, server, client)):
                threading.Thread(target=_pump, args=(pump, one, other, muted), daemon=True).start()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: Any, trace: TracebackType | None) -> None:
        self.close()


def _received(one: socket.socket) -> Iterator[bytes]:
    while data := one.recv(65536):
        yield data


def _pump(pump: Callable[..., None], one: socket.socket, other: socket.socket, muted: threading.Event) -> None:
    with suppress(OSError):  # cut
        pump(one, other, muted)
    for end in (one, other):
        with suppress(OSError):  # closed already
            end.shutdown(socket.SHUT_RDWR)
