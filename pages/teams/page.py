"""Which team keeps its rhythm, who carries how much, and where does nobody look? The service teams, one of them in detail."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.locale import N_
from core.policy import Action
from core.store.settings import parameter
from core.teams.rhythm import ROLES, WEEKS, Teams
from core.terms import StaffRole
from pages import cache
from pages.common.downloads import download_table
from pages.common.escape import md_escape
from pages.common.heading import empty_state, heading
from pages.common.links import page_link
from pages.common.query_params import query_param, set_query_param
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.teams.forms import meeting_form, member_form

__all__ = ["render"]

FIRST = (N_("Community"), N_("Long overdue"), N_("Tasks due"))  # on a phone
FIRST_OF_MEMBERS = (N_("Member"), N_("Role"), N_("Long overdue"))
FIRST_OF_GRIDS = (N_("Grid"), N_("Visited in time"))

# Members of a role, counted in a column.
PLURALS = {
    StaffRole.STEWARD: N_("Stewards"),
    StaffRole.GRID_WORKER: N_("Grid workers"),
    StaffRole.BUILDING_LEADER: N_("Building leaders"),
    StaffRole.AGENCY: N_("Agencies"),
}


def render(view: View) -> None:
    """The teams, a row a community; the selected one with its members and grids."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Service teams"))
        empty_state(
            tr, tr("This page shows the service teams: members, grids, weekly meetings, monthly visits, caseloads.")
        )
    teams = cache.teams.teams(view.revision, view.today)
    _heading(view, teams)
    _communities(view, teams)
    chosen = _chosen(teams)
    if chosen is not None:
        _team(view, teams, chosen)


def _heading(view: View, teams: Teams) -> None:
    tr, table = view.tr, teams.communities
    listed, visited = int(table["listed"].sum()), int(table["visited"].sum())
    empty_grids = int((table["grids"] - table["grids_covered"]).sum())
    interval = parameter(cache.store.parameters(view.revision), "visit_interval_days", view.today)
    heading(
        tr.plural(
            "{kept} of {n} team met in every one of the last {weeks} weeks; {share} of job seekers were visited within {days} days; {grids} grids have no worker",
            "{kept} of {n} teams met in every one of the last {weeks} weeks; {share} of job seekers were visited within {days} days; {grids} grids have no worker",
            len(table),
            kept=tr.number((table["met"] == WEEKS).sum()),
            weeks=WEEKS,
            share=tr.percent(visited / listed) if listed else "—",
            days=tr.number(interval),
            grids=tr.number(empty_grids),
        ),
        tr(
            "Weekly dispatch: complete weeks in which the team met on one day or more. Monthly visits: of those who have "
            "sought work for {days} days or longer, those visited within the last {days}. Due work: the rows of the page of "
            "due work, by the person's community. As of {day}.",
            days=tr.number(interval),
            day=tr.day(view.today),
        ),
    )


def _communities(view: View, teams: Teams) -> None:
    """A row a community; a ticked one is shown below."""
    tr, table = view.tr, teams.communities
    shown = pd.DataFrame(
        {
            tr("Community"): table["community"].map(tr.name),
            tr("Lead"): table["lead"],
            tr("Weeks met"): (table["met"] / WEEKS).round(2),
            tr("Visited in time"): _share(table),
            tr("Tasks due"): table["due"],
            tr("Long overdue"): table["overdue"],
            tr("Grids covered"): [
                f"{covered}/{grids}" for covered, grids in zip(table["grids_covered"], table["grids"], strict=True)
            ],
            tr("Job seekers"): table["seekers"],
            **{tr(PLURALS[role]): table[role.value] for role in ROLES[1:]},
            tr("Last meeting"): table["last_meeting"].dt.date,
        }
    )
    config = {
        tr("Weeks met"): st.column_config.ProgressColumn(
            format="percent", min_value=0.0, max_value=1.0, help=tr("Of the last {n} weeks.", n=WEEKS)
        ),
        tr("Visited in time"): st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0),
    }
    state = show_table(
        view,
        shown,
        tr("Service teams"),
        first=FIRST,
        config=config,
        key=Key.TEAMS_LIST,
        on_select="rerun",
        selection_mode="single-row",
        placeholder="—",
    )
    for row in state.selection.rows:
        if row < len(table):
            set_query_param("community", int(table["community_id"].iloc[row]))
    with st.container(horizontal=True, vertical_alignment="center"):
        download_table(view, shown, tr("Service teams"), Key.DOWNLOAD.of("teams"), action=Action.EXPORT_TABLE)
        page_link("job_map", tr("Visit coverage on the map"), ":material/map:", {"measure": "visited"})
        st.caption(tr("Select a row to see its members and grids."))


def _share(table: pd.DataFrame) -> pd.Series:
    """Visited of those listed, in whole per cent; missing where nobody is listed."""
    return (table["visited"] / table["listed"].where(table["listed"] > 0)).round(2)


def _chosen(teams: Teams) -> pd.Series | None:
    """The community that the address names, else the one with the most overdue work."""
    table, wanted = teams.communities, query_param("community")
    if table.empty:
        return None
    own = table[table["community_id"].astype("str") == wanted]
    row: pd.Series = table.loc[table["overdue"].idxmax()] if own.empty else own.iloc[0]
    return row


def _team(view: View, teams: Teams, community: pd.Series) -> None:
    tr, key = view.tr, int(community["community_id"])
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(
            tr("Team of {community}", community=md_escape(tr.name(community["community"]))),
            anchor=False,
            width="content",
        )
        page_link("tasks", tr("Due work of this team"), ":material/checklist:", {"community": str(key)})
        page_link("tasks", tr("Visiting round"), ":material/route:", {"part": "round", "community": str(key)})
        if view.may(Action.RECORD_TEAM_MEETING):
            meeting_form(view, key)
        if view.may(Action.EDIT_TEAM):
            member_form(view, key, None)
    _members(view, teams.members[teams.members["community_id"] == key].reset_index(drop=True), key)
    left, right = st.columns(2)
    with left:
        own = teams.grids[teams.grids["community_id"] == key].reset_index(drop=True)
        _grids(view, own, without=int(community["seekers"] - own["seekers"].sum()))
    with right:
        _meetings(view, key)


def _members(view: View, members: pd.DataFrame, community: int) -> None:
    """Caseload of each member; a ticked one opens their due list, or their form."""
    tr = view.tr
    if members.empty:
        st.write(tr("Nobody is in this team yet."))
        return
    shown = pd.DataFrame(
        {
            tr("Member"): members["name"],
            tr("Role"): [tr.term(StaffRole.of(role)) for role in members["role"]],
            tr("Grids"): members["grids"].map(lambda names: tr.join(names.split("、")), na_action="ignore"),
            tr("Live plans"): members["people"],
            tr("Tasks due"): members["due"],
            tr("Long overdue"): members["overdue"],
            tr("Visits made"): members["visits"],
            tr("Organisation"): members["organisation"].fillna(""),
        }
    )
    if (shown[tr("Organisation")] == "").all():
        shown = shown.drop(columns=tr("Organisation"))
    state = show_table(
        view,
        shown,
        tr("Members"),
        first=FIRST_OF_MEMBERS,
        key=Key.TEAMS_MEMBERS.of(community),
        on_select="rerun",
        selection_mode="single-row",
    )
    picked = next((members.iloc[n] for n in state.selection.rows if n < len(members)), None)
    if picked is None:
        st.caption(tr("Select a member to open their due work or to change the entry."))
        return
    with st.container(horizontal=True):
        page_link(
            "tasks",
            tr("Due work of {name}", name=md_escape(picked["name"])),
            ":material/checklist:",
            {"member": str(picked["id"])},
        )
        if view.may(Action.EDIT_TEAM):
            member_form(view, community, picked)


def _grids(view: View, grids: pd.DataFrame, *, without: int) -> None:
    """Who looks after each grid, and how many of its job seekers were visited in time; ``without``: a grid on record."""
    tr = view.tr
    if grids.empty:
        st.caption(tr("No grid of this community is on record."))
        return
    shown = pd.DataFrame(
        {
            tr("Grid"): grids["grid"],
            tr("Members"): [tr.join(names.split("、")) or tr("■ nobody") for names in grids["members"]],
            tr("Job seekers"): grids["seekers"],
            tr("Visited in time"): _share(grids),
        }
    )
    config = {tr("Visited in time"): st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0)}
    show_table(view, shown, tr("Grids"), first=FIRST_OF_GRIDS, config=config, height="auto", placeholder="—")
    if without:
        st.caption(
            tr.plural("{n} job seeker has no grid on record.", "{n} job seekers have no grid on record.", without)
        )
    st.caption(tr("Grids have no outlines on record; the map shows the same share by community."))


def _meetings(view: View, community: int) -> None:
    tr = view.tr
    own = cache.teams.meetings(view.revision)
    own = own[(own["community_id"] == community) & (own["held_on"] <= pd.Timestamp(view.today))].tail(6).iloc[::-1]
    if own.empty:
        st.caption(tr("No weekly meeting of this team is on record."))
        return
    shown = pd.DataFrame(
        {
            tr("Met on"): own["held_on"].dt.date,
            tr("Week"): [tr.week(day) for day in own["held_on"]],
            tr("Led by"): own["led_by"].fillna(""),
            tr("Attended"): own["attended"],
        }
    )
    show_table(view, shown, tr("Weekly meetings"), height="auto", placeholder="—")
