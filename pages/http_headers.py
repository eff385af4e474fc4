"""What every answer carries, and the front end's own files for the first visit."""

from __future__ import annotations

import gzip
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

__all__ = ["FRONT_END", "FrontEndFiles", "SecurityHeaders"]

HEADERS = {
    # Streamlit's front end needs inline styles, its workers and eval for Vega; nothing may come from elsewhere. 'self'
    # covers the socket to the same host as well.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' data: blob:; frame-ancestors 'self'; object-src 'none'; base-uri 'self'; form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
HSTS = "max-age=31536000"
IMMUTABLE = "public, immutable, max-age=31536000"  # their names carry a hash, as Streamlit itself serves them
SMALLEST = 1_000  # bytes
FRONT_END = "/static/"


class SecurityHeaders:
    """Security headers on every answer, HSTS behind TLS; downloads and uploads are never cached."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers to the start of the answer."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if scope["scheme"] == "https":
                    headers["Strict-Transport-Security"] = HSTS
                if scope["path"].startswith("/media"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class FrontEndFiles:
    """Scripts and styles of Streamlit's front end, a hundred at a first visit, from memory and compressed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.files: dict[str, tuple[bytes, dict[str, str]]] = {}  # content and headers by path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for a script or style if the browser takes gzip; pass on everything else."""
        path = scope.get("path", "")
        takes_gzip = "gzip" in Headers(scope=scope).get("accept-encoding", "") if scope["type"] == "http" else False
        if takes_gzip and scope["method"] == "GET" and path.startswith(FRONT_END) and path.endswith((".js", ".css")):
            if path not in self.files and (content := await run_in_threadpool(front_end_file, path)) is not None:
                self.files[path] = content
            if path in self.files:
                body, headers = self.files[path]
                await Response(body, headers=headers)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def front_end_file(path: str) -> tuple[bytes, dict[str, str]] | None:
    """A file of the front end, compressed unless it is too small to gain, and its headers; None if there is none."""
    folder = Path(file_util.get_static_dir()).resolve()
    file = (folder / path.removeprefix("/")).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        return None
    content, kind = file.read_bytes(), "text/css" if path.endswith(".css") else "text/javascript"
    headers = {"Content-Type": f"{kind}; charset=utf-8", "Vary": "Accept-Encoding", "Cache-Control": IMMUTABLE}
    if len(content) < SMALLEST:
        return content, headers
    return gzip.compress(content, 6, mtime=0), {**headers, "Content-Encoding": "gzip"}
