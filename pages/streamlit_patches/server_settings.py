"""Settings of uvicorn for which Streamlit offers none: no ``Server`` header, and an end that nobody can hold up."""

from __future__ import annotations

import functools
import socket

from uvicorn import Server

__all__ = ["GRACE", "apply_settings"]

GRACE = 5
"""Seconds for the requests in progress once the server was asked to stop; whoever is slower is cut off. Without a limit,
one client that never finishes sending holds up a restart for ever. A write that is cut off is rolled back."""


def apply_settings() -> None:
    """Set them before uvicorn opens its port; called while it imports the app."""
    plain = Server.startup

    @functools.wraps(plain)
    async def startup(server: Server, sockets: list[socket.socket] | None = None) -> None:
        headers = server.config.encoded_headers
        server.config.encoded_headers = [(name, value) for name, value in headers if name != b"server"]
        server.config.timeout_graceful_shutdown = GRACE
        await plain(server, sockets)

    Server.startup = startup  # type: ignore[method-assign]
