"""The cookie that names a session: unreadable for scripts, not sent along from other sites."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import Scope

__all__ = ["COOKIE", "forget", "give", "is_behind_tls", "token_of"]

COOKIE = "signed_in"


def token_of(scope: Scope) -> str:
    """The token that a request or a socket carries; empty without one."""
    return HTTPConnection(scope).cookies.get(COOKIE, "")


def give(response: Response, token: str, scope: Scope) -> None:
    """Hand the token to the browser, until that is closed; the server ends the session earlier."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=is_behind_tls(scope), path="/")


def forget(response: Response, scope: Scope) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=is_behind_tls(scope), path="/")


def is_behind_tls(scope: Scope) -> bool:
    """Whether the browser speaks TLS: with this server, or with a proxy that FORWARDED_ALLOW_IPS names to uvicorn."""
    return scope["scheme"] in ("https", "wss")
