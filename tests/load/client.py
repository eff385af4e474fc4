"""A browser window without a browser: Streamlit's websocket, as its front end uses it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

__all__ = ["Run", "Window", "open_window"]


@dataclass
class Run:
    """One run of the script as the window sees it."""

    seconds: float
    bytes_received: int
    errors: int  # exceptions that the page shows


@dataclass
class Window:
    """An open page; heartbeats that the server asks for are answered while ``beat`` runs."""

    socket: ClientConnection
    page_hash: str = ""
    query: str = ""
    heartbeats: dict[str, float] = field(default_factory=dict)  # fragment id → interval, seconds

    async def run(self, *, fragment: str = "") -> Run:
        """Ask for a run of the page, or of one fragment, and wait until it is over."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page_hash
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment)
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        return await self._finished(start)

    async def go_to(self, page: str) -> Run:
        """Navigate to a page by its address, as the first request of a link does."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = page
        self.heartbeats.clear()
        start = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        return await self._finished(start)

    async def _finished(self, start: float) -> Run:
        """Read until the script has ended, and what a heartbeat may have started with it."""
        size = errors = 0
        while True:
            data = await self.socket.recv()
            assert isinstance(data, bytes)
            size += len(data)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "navigation":
                self.page_hash = message.navigation.page_script_hash
            elif kind == "auto_rerun":
                self.heartbeats[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif kind == "delta" and message.delta.new_element.WhichOneof("type") == "exception":
                errors += 1
            elif kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                return Run(time.perf_counter() - start, size, errors)


@asynccontextmanager
async def open_window(address: str, *, cookie: str = "", query: str = "") -> AsyncIterator[Window]:
    """A window on the app at ``address`` (http://host:port); ``cookie`` is sent as the browser would."""
    headers = {"Cookie": cookie} if cookie else {}
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    async with (
        asyncio.timeout(None),
        connect(url, subprotocols=["streamlit"], additional_headers=headers, max_size=None) as socket,
    ):
        yield Window(socket, query=query)
