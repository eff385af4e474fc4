"""Open a district of a city, and say who may enter it; each inside an audited command of the city.

with command(city, actor=access, action=Action.OPEN_DISTRICT, at=now) as change:
    open_district(change, "lakeside", "湖滨区", "Lakeside")
"""

from __future__ import annotations

from collections.abc import Collection

from core.accounts import queries as accounts
from core.accounts.commands import keep_from_the_demonstration
from core.districts import queries
from core.locale import N_, Translator
from core.store.commands import Change, CommandRefused, NotFound
from core.store.database import schema_of
from core.store.schema import AccountDistrict, CityDistrict

__all__ = ["DistrictRefused", "allow", "forbid", "open_district", "require_key", "set_districts"]

BAD_KEY = N_(
    "The key of a district is written in small letters, digits and _, at most 24, and begins with a letter: {detail}"
)
TAKEN = N_("The city has a district of this key or name already: {detail}")
UNKNOWN = N_("The city has no such district: {detail}")
NOT_YOURS = N_("You may open a district to others only where it is open to you: {detail}")
YOURSELF = N_("Nobody changes their own districts; another administrator can.")
NONE_LEFT = N_("An account keeps one district at least; deactivate it to close it.")
NO_ACCOUNT = N_("There is no account of this sign-in name: {detail}")


class DistrictRefused(CommandRefused):
    """The change can't be made; ``reason`` is a sentence of the catalogue that ``detail`` fills."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason.format(detail=detail))
        self.reason, self.detail = reason, detail

    def sentence(self, tr: Translator) -> str:
        """Why, in the language of the reader."""
        return tr(self.reason, detail=self.detail)


def require_key(key: str) -> str:
    """The schema of a district of this key; DistrictRefused for what is no key."""
    try:
        return schema_of(key)
    except ValueError:
        raise DistrictRefused(BAD_KEY, key) from None


def open_district(change: Change, key: str, name: str, name_en: str) -> int:
    """Put a district, whose schema exists, on the list of the city; returns its id. Raises DistrictRefused."""
    require_key(key)
    known = queries.districts(change.session.connection())
    if any(key == row.key or name == row.name for row in known):
        raise DistrictRefused(TAKEN, f"{key} {name}")
    district = CityDistrict(key=key, name=name, name_en=name_en, opened_on=change.at.date())
    return int(change.add(district))


def allow(change: Change, account_id: int, key: str) -> None:
    """Let an account open a district, with the role that it has; nothing where it may already. Raises DistrictRefused."""
    if key not in accounts.districts_of(change.session.connection(), [account_id]).get(account_id, {}):
        change.add(AccountDistrict(account_id=account_id, district_id=_id_of(change, key)))


def forbid(change: Change, account_id: int, key: str) -> None:
    """Take the right to open a district back; acts in open pages at once. Raises DistrictRefused."""
    rights = accounts.district_rights(change.session.connection(), account_id)
    district_id = _id_of(change, key)
    gone = [(right, row) for right, row in rights.items() if row["district_id"] == district_id]
    change.remove_all(AccountDistrict, gone)


def set_districts(change: Change, account_id: int, keys: Collection[str]) -> None:
    """Let an account of the district that is written to open ``keys``, and no others of those that are open to who acts.

    Further districts of the account stay as they are. Raises DistrictRefused, AccountRefused for the demonstration,
    NotFound for an account of other districts.
    """
    keep_from_the_demonstration(change)
    connection, own = change.session.connection(), change.access.account_id
    if account_id == own:
        raise DistrictRefused(YOURSELF)
    open_to = accounts.districts_of(connection, {account_id} if own is None else {account_id, own})
    theirs = open_to.get(account_id, {}).keys()
    mine = accounts.district_ids(connection).keys() if own is None else open_to.get(own, {}).keys()
    wanted = set(keys)
    if change.district not in theirs:
        raise NotFound(f"account {account_id}")
    if not wanted <= mine:
        raise DistrictRefused(NOT_YOURS, ", ".join(sorted(wanted - mine)))
    if not wanted and theirs <= mine:
        raise DistrictRefused(NONE_LEFT)
    for key in sorted(wanted - theirs):
        allow(change, account_id, key)
    for key in sorted((theirs & mine) - wanted):
        forbid(change, account_id, key)


def _id_of(change: Change, key: str) -> int:
    ids = accounts.district_ids(change.session.connection())
    if key not in ids:
        raise DistrictRefused(UNKNOWN, key)
    return ids[key]
