"""Entry: the Streamlit app as ASGI, with start-up work, response headers and an error page without traces.

streamlit run app.py            # or: make run
"""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from altair.utils import schemapi
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from core.store.failures import diagnose, in_every_language
from pages import addresses, cache, frame, startup, tile_proxy
from pages.common.failure import show_failure
from pages.http_headers import FrontEndFiles, SecurityHeaders
from pages.sign_in.gate import Gate
from pages.sign_in.open_sockets import OpenSockets
from pages.sign_in.routes import Doors
from pages.streamlit_patches.fragment_status import keep_finished
from pages.streamlit_patches.server_settings import apply_settings

log = logging.getLogger("dashboard")
keep_finished()
apply_settings()
schemapi.disable_debug_mode()  # tests check each chart against the schema as it is built; here it would take most of the time


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
    watch = asyncio.create_task(SOCKETS.watch())
    yield {}
    watch.cancel()


def on_script_error(error: Exception) -> bool:
    """Show an error number instead of the trace; the log has both."""
    number, kind = secrets.token_hex(3).upper(), diagnose(error)
    if kind is None:
        log.error("error %s: %s", number, type(error).__name__, exc_info=error)
    else:
        log.error("error %s: %s", number, " ".join(in_every_language(kind)))
    show_failure(error, number, kind)
    return True


PAGES = [entry[0] for entries in frame.PAGES.values() for entry in entries]
SOCKETS = OpenSockets()

app = st.App(
    "pages/shell.py",
    lifespan=lifespan,
    routes=[
        Route("/readyz", readyz),
        Route("/tiles/style/{name}", tile_proxy.style),
        Route("/tiles/{layer}/{z:int}/{x:int}/{y:int}", tile_proxy.answer),
        *Doors(PAGES).routes,
        *addresses.routes(PAGES),
    ],
    middleware=[
        # Streamlit checks the host on its socket only; pages, uploads and downloads are checked here.
        Middleware(TrustedHostMiddleware, allowed_hosts=st.get_option("server.allowedHosts") or ["*"]),
        Middleware(SecurityHeaders),
        Middleware(Gate, pages=PAGES, sockets=SOCKETS),
        Middleware(FrontEndFiles),
        Middleware(addresses.UnknownAddresses, pages=PAGES),
    ],
    on_script_error=on_script_error,
)
