"""Forms of a service team: a member joins, changes or leaves; a weekly meeting was held."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.policy import Action
from core.store.commands import Change
from core.teams.commands import MemberFacts, end_member, record_meeting, save_member
from core.teams.grid_names import in_order
from core.teams.rhythm import ROLES
from core.terms import StaffRole
from pages import cache
from pages.common.columns import names_by_id
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["meeting_form", "member_form"]


def member_form(view: View, community: int, member: pd.Series | None) -> None:
    """Add a member to ``community``, or change or end the entry of ``member`` (a row of ``Teams.members``)."""
    tr = view.tr
    mark = "new" if member is None else int(member["id"])
    label, icon = (
        (tr("Add a member"), ":material/person_add:") if member is None else (tr("Change the entry"), ":material/edit:")
    )
    communities = names_by_id(cache.overview.facts(view.revision).communities)
    with st.popover(label, icon=icon):
        with st.form(Key.TEAMS_FORM.of("member", mark), border=False):
            name = st.text_input(tr("Member"), "" if member is None else member["name"], **at_most(tr, 40))
            role = st.selectbox(
                tr("Role"),
                ROLES,
                index=2 if member is None else ROLES.index(StaffRole.of(member["role"])),
                format_func=tr.term,
            )
            place = st.selectbox(
                tr("Community"),
                list(communities),
                index=list(communities).index(community),
                format_func=lambda key: tr.name(communities[key]),
                help=tr("Another community moves the member; grids are then chosen anew."),
            )
            grids = st.multiselect(tr("Grids"), _grids(view, community), _own_grids(view, member))
            organisation = st.text_input(
                tr("Organisation, of a third-party agency"),
                "" if member is None or pd.isna(member["organisation"]) else member["organisation"],
                **at_most(tr, 60),
            )
            if st.form_submit_button(tr("Save"), type="primary"):
                facts = MemberFacts(
                    name=name,
                    role=role,
                    community_id=int(place),
                    grids=grids if place == community else (),
                    organisation=organisation,
                )

                def keep(change: Change) -> None:
                    if member is None:
                        save_member(change, facts)
                    else:
                        save_member(change, facts, member_id=int(member["id"]), version=int(member["version"]))

                save(view, Action.EDIT_TEAM, keep)
        if member is not None:
            _ending(view, member)


def _ending(view: View, member: pd.Series) -> None:
    tr = view.tr
    with st.form(Key.TEAMS_FORM.of("end", int(member["id"])), border=False):
        left_on = st.date_input(tr("Last day in the team"), view.today, max_value=view.today)
        st.caption(tr("Live plans are handed over first, on the page of due work."))
        if st.form_submit_button(tr("End the membership")):
            save(
                view,
                Action.EDIT_TEAM,
                lambda change: end_member(
                    change, int(member["id"]), left_on=left_on, today=view.today, version=int(member["version"])
                ),
            )


def meeting_form(view: View, community: int) -> None:
    """Write down that the team met."""
    tr = view.tr
    staff = cache.teams.staff(view.revision)
    team = list(staff.loc[(staff["community_id"] == community) & staff["active"], "name"])
    with (
        st.popover(tr("Record a weekly meeting"), icon=":material/groups:"),
        st.form(Key.TEAMS_FORM.of("meeting", community), border=False),
    ):
        held_on = st.date_input(tr("Met on"), view.today, max_value=view.today)
        led_by = st.selectbox(tr("Led by"), team, placeholder=tr("choose"))
        attended = st.number_input(tr("Attended"), 1, 500, max(len(team), 1), step=1)
        if st.form_submit_button(tr("Save"), type="primary"):

            def keep(change: Change) -> None:
                record_meeting(
                    change,
                    community_id=community,
                    held_on=held_on,
                    led_by=led_by,
                    attended=int(attended),
                    today=view.today,
                )

            save(view, Action.RECORD_TEAM_MEETING, keep)


def _grids(view: View, community: int) -> list[str]:
    table = cache.teams.grids(view.revision)
    return in_order(table.loc[table["community_id"] == community, "grid"])


def _own_grids(view: View, member: pd.Series | None) -> list[str]:
    if member is None:
        return []
    table = cache.teams.staff_grids(view.revision)
    own = set(table.loc[table["staff_id"] == member["id"], "grid"])
    return [grid for grid in _grids(view, int(member["community_id"])) if grid in own]
