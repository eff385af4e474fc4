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
    taken = {row.name for row in queries.accounts(connection)}
    leaders, others = (
        [row for row in queries.staff_of_role(connection, role) if row.name not in taken]
        for role in (StaffRole.BUREAU_LEADER, StaffRole.COMMISSIONER)
    )
    communities = [row.id for row in queries.communities_with_codes(connection)[:COMMUNITIES]]
    for role in AccountRole:
        staff = leaders if role is AccountRole.LEADER else others
        person = staff.pop(0) if staff else None
        new = NewAccount(
            f"demo-{role.value}".replace("_", "-"),
            person.name if person is not None else f"{role.zh}（演示）",
            role,
            communities=communities,
            staff_id=person.id if person is not None else None,
            is_demonstration=True,
        )
        add(change, new)
