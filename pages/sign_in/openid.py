"""Sign-in by the bureau's own identity provider: OpenID Connect, authorization code with state, nonce and PKCE.

On when ``OIDC_ISSUER``, ``OIDC_CLIENT_ID`` and ``OIDC_CLIENT_SECRET`` are set. The provider says who somebody is; what
they may do is in our accounts.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

__all__ = ["Person", "ProviderError", "is_on", "person", "to_provider"]

TIMEOUT = 10.0  # seconds for one request to the provider


class ProviderError(Exception):
    """The provider refused, was not reached, or its answer does not hold; the message is for the log."""


@dataclass(frozen=True)
class Person:
    """Whom the provider vouches for. ``who``: e-mail or subject, to name them to an administrator."""

    subject: str
    verified_email: str | None
    who: str


def is_on() -> bool:
    """Whether a provider is configured."""
    return all(os.environ.get(name) for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"))


@lru_cache(maxsize=1)
def _client(issuer: str, client_id: str, client_secret: str) -> Any:
    """Authlib's client: it reads the provider's addresses and keys when they are first needed."""
    from authlib.integrations.starlette_client import OAuth  # noqa: PLC0415  (0.3 s of a start that mostly has no provider)

    oauth = OAuth()
    return oauth.register(
        "bureau",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256", "timeout": TIMEOUT},
    )


def _configured() -> Any:
    return _client(*(os.environ[name] for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")))


async def to_provider(request: Request, callback: str) -> Response:
    """The redirect to the provider; state, nonce and verifier go into the short-lived, signed cookie of the server."""
    try:
        response: Response = await _configured().authorize_redirect(request, callback)
    except Exception as error:  # whatever goes wrong on the way to the provider is the provider's answer to a person
        raise ProviderError(f"{type(error).__name__}: {error}") from error
    return response


async def person(request: Request) -> Person:
    """Who has come back from the provider: the code is exchanged, the ID token checked. Raises ProviderError."""
    try:
        client = _configured()
        token = await client.authorize_access_token(request)
        claims = dict(token.get("userinfo") or {})
        if "email" not in claims:  # some providers keep it out of the ID token
            more = dict(await client.userinfo(token=token))
            claims |= {
                key: more.get(key) for key in ("email", "email_verified") if more.get("sub") == claims.get("sub")
            }
    except Exception as error:  # a refusal, no answer, a forged or late token
        raise ProviderError(f"{type(error).__name__}: {error}") from error
    subject, email = str(claims.get("sub") or ""), claims.get("email")
    if not subject:
        raise ProviderError("the ID token names no subject")
    verified = str(email) if email and claims.get("email_verified") is True else None
    return Person(subject, verified, who=str(email or subject))
