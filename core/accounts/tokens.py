"""Random tokens for cookies and links: the holder has the token, the store its SHA-256."""

from __future__ import annotations

import hashlib
import secrets

__all__ = ["digest", "new_token"]


def new_token() -> str:
    """256 random bits as URL-safe text."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What the store keeps of ``token``. Its 256 bits can't be guessed, so a plain SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()
