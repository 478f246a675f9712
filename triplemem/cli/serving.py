"""A small HTTP server on this machine alone, for what Neo4j Browser fetches: the guide and the style."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

Files = Mapping[str, tuple[str, bytes]]
"""What is served: by its path the type and the bytes."""


def server(port: int, files: Files, origins: frozenset[str]) -> ThreadingHTTPServer:
    """A server of these files on 127.0.0.1, that pages of these origins may read; port 0 takes a free one."""

    class Handler(_Handler):
        pass

    Handler.files, Handler.origins = files, origins
    return ThreadingHTTPServer(("127.0.0.1", port), Handler)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET of the files, and the question before it (the CORS preflight) to the right pages."""

    files: ClassVar[Files] = {}
    origins: ClassVar[frozenset[str]] = frozenset()
    server_version, sys_version = "triplemem", ""

    def do_OPTIONS(self) -> None:
        """May a page of this origin ask?"""
        self._begin(HTTPStatus.NO_CONTENT)
        self.send_header("Access-Control-Allow-Methods", "GET, OPTIONS")
        asked = self.headers.get("Access-Control-Request-Headers", "")
        self.send_header("Access-Control-Allow-Headers", asked if asked.isprintable() else "")
        if self.headers.get("Access-Control-Request-Private-Network") == "true":
            self.send_header("Access-Control-Allow-Private-Network", "true")
        self.end_headers()

    def do_GET(self) -> None:
        """A file."""
        self._answer(body=True)

    def do_HEAD(self) -> None:
        """What a file would be answered with."""
        self._answer(body=False)

    def _answer(self, *, body: bool) -> None:
        found = self.files.get(self.path.partition("?")[0])
        kind, content = found or ("text/plain; charset=utf-8", b"not here\n")
        self._begin(HTTPStatus.OK if found else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if body:
            self.wfile.write(content)

    def _begin(self, status: HTTPStatus) -> None:
        self.send_response(status)
        self.send_header("Vary", "Origin")
        self.send_header("X-Content-Type-Options", "nosniff")
        origin = self.headers.get("Origin")
        if origin in self.origins:
            self.send_header("Access-Control-Allow-Origin", str(origin))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing of each request."""
