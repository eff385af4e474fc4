"""Passwords: Argon2id hashes, and the rules for a new one."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.locale import N_, Translator

__all__ = ["LONGEST", "SHORTEST", "fault", "hash_password", "is_right", "needs_rehash", "rules"]

SHORTEST = 10
LONGEST = 128  # characters; hashing longer ones would only cost time
KINDS = 3  # of small letters, capital letters, digits and other signs
LONG = 20  # characters from which a phrase needs no mixture of kinds
DISTINCT = 6

# The defaults of argon2-cffi are the second recommendation of RFC 9106: 64 MiB, three passes, four lanes.
HASHER = PasswordHasher()
# For a name that nobody has: a refusal then takes as long as one of a wrong password.
NOBODY = HASHER.hash("nobody has this password")

RULES = N_(
    "At least {n} characters with three of: small letters, capital letters, digits, signs; or a phrase of {long}."
)


def hash_password(password: str) -> str:
    """The Argon2id hash, with its parameters and a random salt."""
    return HASHER.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether ``password`` belongs to the hash; takes the same time without a hash, and is then False."""
    try:
        return HASHER.verify(stored or NOBODY, password[: LONGEST + 1]) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(stored)


def rules(tr: Translator) -> str:
    """The rules in a sentence."""
    return tr(RULES, n=SHORTEST, long=LONG)


def fault(password: str, *, names: tuple[str, ...], tr: Translator) -> str | None:
    """What is wrong with a new password, in a sentence; None if it is good. ``names``: of the person, not to be in it."""
    if len(password) > LONGEST:
        return tr("The password is longer than {n} characters.", n=LONGEST)
    kinds = sum(
        any(test(sign) for sign in password)
        for test in (str.islower, str.isupper, str.isdigit, lambda s: not (s.islower() or s.isupper() or s.isdigit()))
    )
    if len(password) < SHORTEST or (kinds < KINDS and len(password) < LONG):
        return rules(tr)
    if len(set(password)) < DISTINCT:
        return tr("The password repeats too few characters: at least {n} different ones.", n=DISTINCT)
    if any(name and name.lower() in password.lower() for name in names):
        return tr("The password must not contain the name.")
    return None
