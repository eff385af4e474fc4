"""The accounts of the demonstration district: one for each role, opened by a click while its data is in the store."""

from __future__ import annotations

from core.accounts import queries
from core.accounts.commands import NewAccount, add
from core.store.commands import Change
from core.terms import AccountRole, StaffRole

__all__ = ["add_demonstration_accounts"]

COMMUNITIES = 2  # that the caseworker of the demonstration works with


def add_demonstration_accounts(change: Change) -> None:
    """An account for each role, under names of the demonstration's own staff, inside the command that loads it."""
    connection = change.session.connection()
    if queries.has_demonstration_accounts(connection):
        return
    leader = queries.staff_of_role(connection, StaffRole.BUREAU_LEADER)[0]
    others = [role for role in AccountRole if role is not AccountRole.LEADER]
    staff = queries.staff_of_role(connection, StaffRole.COMMISSIONER)
    communities = [row.id for row in queries.communities_with_codes(connection)[:COMMUNITIES]]
    for role, person in [(AccountRole.LEADER, leader), *zip(others, staff, strict=False)]:
        new = NewAccount(
            f"demo-{role.value}".replace("_", "-"),
            person.name,
            role,
            communities=communities,
            staff_id=person.id,
            is_demonstration=True,
        )
        add(change, new)
