"""The gate in front of every address and socket: without a session there is the sign-in page, and nothing else.

Plain ASGI, because Starlette's ``BaseHTTPMiddleware`` does not see sockets.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Collection
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from cachetools import TTLCache
from google.protobuf.message import DecodeError
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg

from core.accounts import sessions
from core.accounts.sessions import TOUCH, Session
from core.terms import AccountRole
from pages import cache
from pages.addresses import is_unknown
from pages.http_headers import FRONT_END
from pages.sign_in.cookie import token_of
from pages.sign_in.open_sockets import OVER, OpenSocket, OpenSockets

__all__ = ["Gate", "is_open", "local_address"]

log = logging.getLogger("dashboard.sign_in")

OPEN = {
    "/sign-in",
    "/sign-in/demonstration",
    "/sign-in/openid",
    "/sign-in/openid/callback",
    "/sign-in/style.css",
    "/sign-out",
    "/session",
    "/readyz",
}
LINK = re.compile(r"/link/[\w-]{20,80}")
# Parts of Streamlit that no page of ours uses: numbers about the process, its own sign-in, its interface for agents.
ADMINISTRATION = re.compile(r"/(_stcore/(metrics|script-health-check|agent)|auth|oauth2callback)(/|$)")
RECENT = 2.0  # seconds in which the files of the front end, the same for everybody, need not ask for the session again
# Messages of Streamlit's front end that act on everybody, or serve its own tests.
REFUSED = {"clear_cache", "set_run_on_save", "debug_disconnect_websocket", "debug_shutdown_runtime"}


def is_open(path: str) -> bool:
    """Whether an address answers without a session."""
    return path in OPEN or LINK.fullmatch(path) is not None


def local_address(wanted: str, pages: Collection[str], *, lang: str | None = None) -> str:
    """``wanted`` if it is a page of this app, with its query; else the start page. Never leads to another site.

    ``lang`` ('en' or 'zh_CN') replaces the language that the address names.
    """
    try:
        parts = urlsplit(wanted)
    except ValueError:
        parts = urlsplit("/")
    page, query = parts.path.removeprefix("/"), parse_qsl(parts.query, keep_blank_values=True)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or page not in pages:
        page, query = "", []
    if lang is not None:
        query = [(key, value) for key, value in query if key != "lang"] + ([("lang", "en")] if lang == "en" else [])
    return f"/{page}" + (f"?{urlencode(query)}" if query else "")


class Gate:
    """Asks the store for the session of every request and socket, and closes sockets when it ends."""

    def __init__(self, app: ASGIApp, pages: Collection[str], sockets: OpenSockets) -> None:
        self.app = app
        self.pages = pages
        self.sockets = sockets
        self.recent: TTLCache[str, None] = TTLCache(1_000, RECENT)  # tokens of sessions
        self.touched: dict[int, datetime] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        self.writes = CapacityLimiter(1)  # while an import holds the store, one thread waits, not all

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass."""
        if scope["type"] == "lifespan" or (scope["type"] == "http" and is_open(scope["path"])):
            await self.app(scope, receive, send)
            return
        token = token_of(scope)
        if scope["type"] == "http" and scope["path"].startswith(FRONT_END) and token in self.recent:
            await self.app(scope, receive, send)
            return
        session = await run_in_threadpool(sessions.find, cache.store.city(), token, datetime.now(UTC))
        if session is not None:
            self.recent[token] = None
        if scope["type"] == "websocket":
            await self._socket(session, scope, receive, send)
        elif session is None:
            await self._refusal(scope)(scope, receive, send)
        elif ADMINISTRATION.match(scope["path"]) and session.access.role is not AccountRole.ADMINISTRATOR:
            await JSONResponse({"detail": "for administrators"}, 403)(scope, receive, send)
        else:
            if scope["path"].strip("/") in self.pages:
                self._touch(session)
            await self.app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response:
        """To the sign-in page for what a person may have opened, and back to that page afterwards; else 401."""
        path = scope["path"]
        is_page = path.strip("/") in self.pages or path == "/password" or is_unknown(path, self.pages)
        headers = {"Cache-Control": "no-store"}
        if scope["method"] not in ("GET", "HEAD") or not is_page:
            return JSONResponse({"detail": "sign in first"}, 401, headers)
        query = scope["query_string"].decode("latin-1")
        wanted = local_address(f"{path}?{query}" if query else path, self.pages, lang="zh_CN")
        given = {} if wanted == "/" else {"next": wanted}
        if dict(parse_qsl(query)).get("lang") == "en":
            given["lang"] = "en"
        address = "/sign-in" + (f"?{urlencode(given)}" if given else "")
        return RedirectResponse(address, 303, headers)

    async def _socket(self, session: Session | None, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on a socket, without the messages that are refused, until its session is over.

        Without a session it is opened and closed at once: only then the browser learns the reason.
        """
        if session is None:
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": OVER})
            return
        is_over = False

        async def close() -> None:
            nonlocal is_over
            if not is_over:
                is_over = True
                await send({"type": "websocket.close", "code": OVER})

        async def outward(message: Message) -> None:
            if not is_over:
                await send(message)

        async def inward() -> Message:
            while True:
                message = await receive()
                if is_over:
                    return {"type": "websocket.disconnect", "code": OVER}
                if message["type"] != "websocket.receive" or self._passes(message, session):
                    return message

        socket = OpenSocket(session, close)
        self.sockets.sockets.add(socket)
        try:
            await self.app(scope, inward, outward)
        finally:
            self.sockets.sockets.discard(socket)

    def _passes(self, message: Message, session: Session) -> bool:
        """Whether a message of the front end goes on to Streamlit; what a person did keeps the session in use."""
        content = BackMsg()
        try:
            content.ParseFromString(message.get("bytes") or b"")
        except DecodeError:
            return True  # Streamlit closes the socket for it
        kind = content.WhichOneof("type")
        if kind in REFUSED:
            log.warning("refused a message of the front end: %s", kind)
            return False
        if kind == "rerun_script" and not content.rerun_script.is_auto_rerun:
            self._touch(session)
        return True

    def _touch(self, session: Session) -> None:
        """Note that the person is here, at most once a minute."""
        now = datetime.now(UTC)
        if now - self.touched.get(session.id, session.last_seen_at) < TOUCH:
            return
        self.touched = {key: seen for key, seen in self.touched.items() if now - seen < 2 * TOUCH} | {session.id: now}
        task = asyncio.create_task(self._write_touch(session.id, now))
        self.tasks.add(task)  # asyncio itself keeps no reference
        task.add_done_callback(self.tasks.discard)

    async def _write_touch(self, session_id: int, now: datetime) -> None:
        try:
            await to_thread.run_sync(sessions.touch, cache.store.city(), session_id, now, limiter=self.writes)
        except Exception as error:  # the store is locked for long: the next action is noted
            log.warning("the use of a session was not noted: %s", type(error).__name__)
