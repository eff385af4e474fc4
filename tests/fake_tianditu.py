"""A small server that stands in for Tianditu."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from core.job_map.tiles import BLANK

__all__ = ["PICTURE", "Service", "serve"]

PICTURE = BLANK + b"a street"


class Quiet(ThreadingHTTPServer):
    """A caller may hang up before the answer."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class Service:
    """``reply`` is what it answers after ``seconds``; ``asked`` are the addresses asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.reply: tuple[int, bytes] = (200, PICTURE)
        self.seconds = 0.0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                time.sleep(outer.seconds)
                self.send_response(outer.reply[0])
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(outer.reply[1])

            def log_message(self, *args: object) -> None:
                """Say nothing."""

        self.http = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"


@contextmanager
def serve() -> Iterator[Service]:
    """The server on a free port."""
    service = Service()
    thread = threading.Thread(target=service.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.http.shutdown()
        service.http.server_close()
        thread.join()
