"""A visiting round: the due visits of a community in walking order, its paper, and what the paper brings back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.locale import N_
from core.people.masking import mask_name
from core.policy import communities_of
from core.tasks.kinds import KINDS, VISIT_KINDS
from core.terms import StaffRole
from core.visiting.commands import make_round
from core.visiting.round_plan import PAGE, DayPlan, RoundRules, plan_round, round_rules
from pages import cache
from pages.common import scope
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.query_params import url_choice
from pages.common.saving import announce, checked
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.tasks.round_entry import entry
from pages.tasks.round_papers import papers

__all__ = ["show"]

FIRST = (N_("Stop"), N_("Arrives"), N_("Person"), N_("Days overdue"))  # on a phone
KIND_NAMES = {kind.code: kind.name for kind in KINDS}


def show(view: View, top: DeltaGenerator) -> None:
    """Plan a round, print it, enter what it brought."""
    tr = view.tr
    communities = _communities(view)
    if not communities:
        with top:
            heading(tr("Visiting round"))
        st.write(tr("There is no community with people of yours."))
        return
    due = _due_visits(view)
    counts = due["community_id"].value_counts()
    most_due_first = sorted(communities, key=lambda key: (-counts.get(key, 0), key))
    community = url_choice(
        st.selectbox,
        tr("Community"),
        "community",
        most_due_first,
        most_due_first[0],
        key=Key.ROUND_COMMUNITY.of(view.revision),  # its labels hold counts: drawn anew once these change
        format_func=lambda key: tr(
            "{community}: {n} due", community=tr.name(communities[key]), n=tr.number(counts.get(key, 0))
        ),
        label_visibility="collapsed",
        width=320,
    )
    community = most_due_first[0] if community is None else community
    plan = _plan(view, community, due[due["community_id"] == community], top, communities[community])
    left, right = st.columns([3, 2], gap="large")
    with left:
        _stops(view, plan, due)
    with right, st.container(border=True):
        entry(view)
    papers(view)


def _communities(view: View) -> dict[int, str]:
    """id → name of the communities whose people the one who looks works with."""
    table = cache.overview.facts(view.revision).communities
    names = {int(key): str(name) for key, name in zip(table["id"], table["name"], strict=True)}
    own = communities_of(view.access)
    return names if own is None else {key: name for key, name in names.items() if key in own}


def _due_visits(view: View) -> pd.DataFrame:
    """Due visits of people in scope who are on no round that is still to come back, most overdue first."""
    due = scope.rows(view, cache.tasks.due(view.revision, view.today))
    stops = cache.visiting.stops(view.revision)
    rounds = cache.visiting.rounds(view.revision)
    coming = rounds.loc[rounds["walk_on"] >= pd.Timestamp(view.today), "id"]
    waiting = stops.loc[stops["round_id"].isin(coming) & stops["called_on"].isna(), "person_id"]
    is_free = due["kind"].isin(VISIT_KINDS) & ~due["person_id"].isin(waiting)
    return due[is_free].drop_duplicates("person_id").reset_index(drop=True)


def _plan(view: View, community: int, due: pd.DataFrame, top: DeltaGenerator, name: str) -> DayPlan:
    """The controls, the finding above them, and the button that makes the round."""
    tr = view.tr
    rules = round_rules(cache.store.parameters(view.revision), view.today)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        visitor = _visitor(view, community)
        walk_on: date = st.date_input(
            tr("Day"),
            view.today + timedelta(days=1),
            min_value=view.today,
            key=Key.ROUND_PLAN.of("day"),
            width=175,
        )
        begins: time = st.time_input(
            tr("Sets out"), time(rules.opens // 60, rules.opens % 60), key=Key.ROUND_PLAN.of("begins"), width=110
        )
        at_most = st.number_input(tr("Households at most"), 1, PAGE, PAGE, key=Key.ROUND_PLAN.of("at_most"), width=150)
        start = cache.visiting.start_points(view.revision).set_index("community_id").loc[community]
        homes = cache.people.people(view.revision, view.today).set_index("id")[["lon", "lat"]]
        households = due[["person_id"]].join(homes, on="person_id")
        plan = plan_round(households, (start["lon"], start["lat"]), rules, begins=begins, at_most=int(at_most))
        if st.button(
            tr("Make the round"),
            type="primary",
            icon=":material/route:",
            disabled=not plan.stops or visitor is None,
            key=Key.ROUND_PLAN.of("make"),
        ):
            made = checked(
                view,
                lambda: make_round(
                    cache.store.database(),
                    plan,
                    community_id=community,
                    visitor=str(visitor),
                    walk_on=walk_on,
                    begins=begins,
                    actor=view.access,
                    at=datetime.now(UTC),
                ),
            )
            if made is not None:
                announce(tr("Round made. Print it below."))
    with top:
        _heading(view, plan, name, start, rules)
    return plan


def _heading(view: View, plan: DayPlan, name: str, start: pd.Series, rules: RoundRules) -> None:
    tr = view.tr
    place = start["place"] if pd.notna(start["place"]) else tr("the middle of the community")
    heading(
        tr.plural(
            "{community}: {n} of {all} due visits fits into a round of {km} km that ends at {time}",
            "{community}: {n} of {all} due visits fit into a round of {km} km that ends at {time}",
            len(plan.stops),
            community=md_escape(tr.name(name)),
            all=tr.number(len(plan.stops) + plan.left_out),
            km=tr.number(plan.metres / 1000, 1),
            time=plan.ends.strftime("%H:%M"),
        ),
        tr(
            "The longest overdue first, as many as one page and the hours to {closes} allow; on foot from {place} in the "
            "order of the nearest neighbour, improved by 2-opt; {minutes} minutes a household; {speed} m a minute, road "
            "{detour} times the straight line. As of {day}.",
            closes=f"{rules.closes // 60:02d}:{rules.closes % 60:02d}",
            place=md_escape(str(place)),
            minutes=tr.number(rules.visit_minutes),
            speed=tr.number(rules.walk.metres_per_minute),
            detour=tr.number(rules.walk.detour, 1),
            day=tr.day(view.today),
        ),
    )


def _visitor(view: View, community: int) -> str | None:
    """Somebody of the community's team; grid workers come first."""
    staff = cache.visiting.staff(view.revision)
    own = staff[staff["community_id"] == community]
    roles = dict(own[["name", "role"]].itertuples(index=False))
    names = sorted(roles, key=lambda name: (roles[name] != StaffRole.GRID_WORKER, list(roles).index(name)))
    others = [] if view.access.name in roles else [view.access.name]
    return st.selectbox(
        view.tr("Visitor"),
        [*names, *others],
        format_func=lambda name: f"{name} · {view.tr.term(StaffRole.of(roles[name]))}" if name in roles else name,
        key=Key.ROUND_PLAN.of("visitor", community),
        width=220,
    )


def _stops(view: View, plan: DayPlan, due: pd.DataFrame) -> None:
    """The households in walking order, masked."""
    tr = view.tr
    if not plan.stops:
        st.write(tr("No visit is due here, or everyone is on a round that is still to come back."))
        return
    names = cache.overview.facts(view.revision).people.set_index("id")["name"]
    rows = due.set_index("person_id").loc[[stop.person_id for stop in plan.stops]]
    shown = pd.DataFrame(
        {
            tr("Stop"): range(1, len(plan.stops) + 1),
            tr("Arrives"): ["—" if s.arrives is None else s.arrives.strftime("%H:%M") for s in plan.stops],
            tr("Person"): [mask_name(names[stop.person_id]) for stop in plan.stops],
            tr("Visit due"): [tr(KIND_NAMES[code]) for code in rows["kind"]],
            tr("Days overdue"): rows["days"].to_numpy(),
            tr("Minutes on foot"): pd.array(
                [None if s.walk_minutes is None else round(s.walk_minutes) for s in plan.stops], "Int64"
            ),
        }
    )
    show_table(view, shown, tr("Visiting round"), first=FIRST, placeholder="—")
