"""No ``Server`` header: Streamlit starts uvicorn with its default, and offers no setting for it."""

from __future__ import annotations

import functools
import socket

from uvicorn import Server

__all__ = ["hide_server"]


def hide_server() -> None:
    """Take the header out of uvicorn's defaults before it opens its port; called while it imports the app."""
    plain = Server.startup

    @functools.wraps(plain)
    async def startup(server: Server, sockets: list[socket.socket] | None = None) -> None:
        headers = server.config.encoded_headers
        server.config.encoded_headers = [(name, value) for name, value in headers if name != b"server"]
        await plain(server, sockets)

    Server.startup = startup  # type: ignore[method-assign]
