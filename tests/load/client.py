"""A browser window without a browser: Streamlit's websocket, as its front end uses it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileURLs
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
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
    session: str = ""  # by which the server knows the window
    elements: list[Element] = field(default_factory=list)  # what the last run drew
    fragments: dict[str, str] = field(default_factory=dict)  # slider → the fragment that it runs, "" the page

    def one(self, kind: str, label: str = "") -> Element:
        """The first element of a kind, by its label where one is given."""
        return next(
            element
            for element in self.elements
            if element.WhichOneof("type") == kind and label in getattr(element, kind).label
        )

    def shows(self, text: str) -> bool:
        """Whether an element of the last run has this text."""
        return any(text.encode() in element.SerializeToString() for element in self.elements)

    async def move(self, label: str, value: float) -> Run:
        """Release a slider at a value."""
        slider = self.one("slider", label).slider
        state = WidgetState(id=slider.id)
        state.double_array_value.data.append(value)
        return await self.run(fragment=self.fragments[slider.id], widgets=[state])

    async def run(self, *, fragment: str = "", widgets: Sequence[WidgetState] = ()) -> Run:
        """Ask for a run of the page, or of one fragment, with the states of widgets, and wait until it is over.

        A fragment without widgets is a heartbeat.
        """
        message = BackMsg()
        message.rerun_script.widget_states.widgets.extend(widgets)
        message.rerun_script.query_string = self.query
        message.rerun_script.page_script_hash = self.page_hash
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = bool(fragment) and not widgets
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

    async def place_for(self, name: str) -> FileURLs:
        """Where a file goes that is chosen in an uploader."""
        message = BackMsg()
        message.file_urls_request.session_id = self.session
        message.file_urls_request.file_names.append(name)
        await self.socket.send(message.SerializeToString())
        return (await self._answer("file_urls_response")).file_urls_response.file_urls[0]

    async def file_of(self, button: Element) -> str:
        """Press a download: the address of the file that is made for it."""
        message = BackMsg()
        message.backend_operation_request.session_id = self.session
        message.backend_operation_request.deferred_file.file_id = button.download_button.deferred_file_id
        await self.socket.send(message.SerializeToString())
        return (await self._answer("backend_operation_response")).backend_operation_response.deferred_file.url

    async def _answer(self, kind: str) -> ForwardMsg:
        """The next message of a kind; a run still tells about itself after its end."""
        while True:
            data = await self.socket.recv()
            assert isinstance(data, bytes)
            message = ForwardMsg.FromString(data)
            if message.WhichOneof("type") == kind:
                return message

    async def _finished(self, start: float) -> Run:
        """Read until the script has ended, and what a heartbeat may have started with it."""
        size = errors = 0
        while True:
            data = await self.socket.recv()
            assert isinstance(data, bytes)
            size += len(data)
            message = ForwardMsg.FromString(data)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
                self.elements.clear()
            elif kind == "navigation":
                self.page_hash = message.navigation.page_script_hash
            elif kind == "auto_rerun":
                self.heartbeats[message.auto_rerun.fragment_id] = message.auto_rerun.interval
            elif kind == "delta":
                self.elements.append(message.delta.new_element)
                if message.delta.new_element.WhichOneof("type") == "slider":
                    self.fragments[message.delta.new_element.slider.id] = message.delta.fragment_id
                errors += message.delta.new_element.WhichOneof("type") == "exception"
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
