"""Entry: the Streamlit app as ASGI, with start-up work, response headers and an error page without traces.

streamlit run app.py            # or: make run
"""

from __future__ import annotations

import gc
import logging
import secrets
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.store.failures import diagnose, in_every_language
from pages import addresses, cache, frame, startup, tile_proxy
from pages.common.failure import show_failure
from pages.streamlit_patches.fragment_status import keep_finished

log = logging.getLogger("dashboard")
keep_finished()

HEADERS = {
    # Streamlit's front end needs inline styles, its workers and eval for Vega; nothing may come from elsewhere.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; worker-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' ws: wss: data: blob:; frame-ancestors 'self'; object-src 'none'; base-uri 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}


class Headers(BaseHTTPMiddleware):
    """Security headers on every response; downloads and uploads are never cached."""

    async def dispatch(self, request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        """Add the headers."""
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.url.path.startswith("/media"):
            response.headers["Cache-Control"] = "no-store"
        return response


async def readyz(_request: Request) -> JSONResponse:
    """200 with the revision once the store answers and the first load is done, else 503."""
    state = startup.STATE
    if not state.is_ready:
        progress = {"ready": False, "done": state.done, "total": state.total, "failure": state.failure}
        return JSONResponse(progress, status_code=503)
    return JSONResponse({"ready": True, "revision": cache.store.revision()})


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Migrate, load the sample into an empty store in the background, and keep the heap out of later collections."""
    assert frame.PAGES  # imported here, so that no visitor waits for the libraries behind the pages
    if startup.begin(startup.PAUSES).is_ready:
        threading.Thread(target=startup.warm, name="warm-up", daemon=True).start()
    gc.collect()
    gc.freeze()
    yield {}


def on_script_error(error: Exception) -> bool:
    """Show an error number instead of the trace; the log has both."""
    number, kind = secrets.token_hex(3).upper(), diagnose(error)
    if kind is None:
        log.error("error %s: %s", number, type(error).__name__, exc_info=error)
    else:
        log.error("error %s: %s", number, " ".join(in_every_language(kind)))
    show_failure(number, kind)
    return True


PAGES = [address for entries in frame.PAGES.values() for address, _, _ in entries]

app = st.App(
    "pages/shell.py",
    lifespan=lifespan,
    routes=[
        Route("/readyz", readyz),
        Route("/tiles/style/{name}", tile_proxy.style),
        Route("/tiles/{layer}/{z:int}/{x:int}/{y:int}", tile_proxy.answer),
        *addresses.routes(PAGES),
    ],
    middleware=[
        # Streamlit checks the host on its socket only; pages, uploads and downloads are checked here.
        Middleware(TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"]),
        Middleware(Headers),
        Middleware(addresses.UnknownAddresses, pages=PAGES),
    ],
    on_script_error=on_script_error,
)
