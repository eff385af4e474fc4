"""The sockets of open pages, and the watch that closes them when their session ends or may do something else.

A page that nobody clicks asks the server nothing, and while a meeting is presented not even the heartbeat of the header
runs. So the server asks the store every two seconds, once for all sockets. The script in the front end (see
``pages.addresses``) then leads to the sign-in page, or connects again with the new role.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool

from core.accounts import sessions
from core.accounts.sessions import Session
from pages import cache

__all__ = ["OVER", "OpenSocket", "OpenSockets"]

log = logging.getLogger("dashboard.sign_in")

INTERVAL = 2.0  # seconds between two looks at the sessions
OVER = 4401  # close code: the session of this socket is over, or its role is another one


@dataclass(eq=False)
class OpenSocket:
    """A socket, whose it is, and how to close it."""

    session: Session
    close: Callable[[], Awaitable[None]]


@dataclass
class OpenSockets:
    """Every open socket of this process."""

    sockets: set[OpenSocket] = field(default_factory=set)

    async def watch(self) -> None:
        """Check for ever; a store that does not answer is asked again."""
        while True:
            await asyncio.sleep(INTERVAL)
            try:
                await self.check()
            except Exception:
                log.exception("the sessions of open pages could not be checked")

    async def check(self) -> None:
        """Close each socket whose session is over or whose account may do something else now."""
        open_now = list(self.sockets)
        if not open_now:
            return
        ids = {socket.session.id for socket in open_now}
        in_force = await run_in_threadpool(sessions.in_force, cache.store.city(), ids, datetime.now(UTC))
        for socket in open_now:
            now = in_force.get(socket.session.id)
            if now is None or now.rights != socket.session.rights:
                self.sockets.discard(socket)
                with suppress(RuntimeError, OSError):  # the browser was quicker
                    await socket.close()
