"""Due work: its kinds with their counts left, the tasks of one kind right, latest first, and what can be done at once."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.locale import N_
from core.policy import Action, Field, Sight
from core.store.settings import parameter
from core.tasks.due import counts
from core.tasks.kinds import KINDS, VISIT_KINDS, DueKind
from pages import cache
from pages.common import scope
from pages.common.columns import HEADINGS, readable
from pages.common.downloads import download_table
from pages.common.drilldown import with_people
from pages.common.escape import md_escape
from pages.common.follow_up_form import follow_up_form
from pages.common.heading import heading
from pages.common.links import page_link
from pages.common.query_params import query_param, set_query_param, url_choice
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.tasks.bulk import caseloads, hand_over_plans, reschedule, schedule_visits

__all__ = ["show"]

MINE, EVERYBODY = "mine", "all"
WHOSE = {MINE: N_("Mine"), EVERYBODY: N_("Everybody's")}
SHOWN = 500  # tasks sent to the browser; the download has all
CARDS = 10  # tasks that a phone shows, and as many more each time


def show(view: View, top: DeltaGenerator) -> None:
    """The kinds, and the list of the selected one."""
    tr = view.tr
    whose = url_choice(
        st.segmented_control,
        tr("Whose"),
        "whose",
        list(WHOSE),
        EVERYBODY,
        key=Key.TASKS_WHOSE,
        format_func=lambda code: tr(WHOSE[code]),
        label_visibility="collapsed",
        required=True,
    )
    everything = scope.rows(view, cache.tasks.due(view.revision, view.today))
    due = everything[everything["owner"] == view.access.name] if whose == MINE else everything
    due = _narrowed(view, due)
    table = counts(due).set_index("kind")
    with top:
        _heading(view, table)
    kinds = [kind for kind in KINDS if table.loc[kind.code, "tasks"]]
    if not kinds:
        if whose == MINE and len(everything):
            _nothing_of_mine(view, len(everything))
        else:
            st.write(tr("Nothing is due."))
        return
    left, right = st.columns([2, 5], gap="large")
    with left:
        kind = _kinds(view, kinds, table)
    with right:
        _tasks(view, kind, due[due["kind"] == kind.code].reset_index(drop=True))
        if view.may(Action.HAND_OVER):
            caseloads(view)


def _nothing_of_mine(view: View, others: int) -> None:
    """Why nothing is mine, and the way to what is everybody's."""
    tr = view.tr
    st.write(tr("Nothing is due of yours: tasks are yours by the plans and recommendations that carry your name."))
    label = (
        tr("The {n} tasks of your communities", n=tr.number(others))
        if scope.is_limited(view)
        else tr("The {n} tasks of the district", n=tr.number(others))
    )
    st.button(label, icon=":material/group:", key=Key.TASKS_WHOSE.of(EVERYBODY), on_click=_everybody)


def _everybody() -> None:
    st.session_state[Key.TASKS_WHOSE] = EVERYBODY


def _narrowed(view: View, due: pd.DataFrame) -> pd.DataFrame:
    """The tasks of the member, or of the team of the community, that the address names; a button takes that back."""
    tr = view.tr
    member, community = query_param("member"), query_param("community")
    names = cache.overview.facts(view.revision).communities.set_index("id")["name"]
    if member.isdecimal() and (name := cache.teams.member_name(view.revision, int(member))) is not None:
        label, rows = tr("Due work of {name}", name=md_escape(name)), due[due["owner"] == name]
    elif community.isdecimal() and int(community) in names.index:
        label = tr("Team of {community}", community=md_escape(tr.name(names[int(community)])))
        rows = due[due["community_id"] == int(community)]
    else:
        return due
    st.button(label, icon=":material/close:", help=tr("Remove this filter"), key=Key.TASKS_NARROWED, on_click=_widen)
    return rows


def _widen() -> None:
    for name in ("member", "community"):
        set_query_param(name, None)


def _heading(view: View, table: pd.DataFrame) -> None:
    tr = view.tr
    tasks, red = int(table["tasks"].sum()), int(table["red"].sum())
    title = tr.plural(
        "{n} task is due, {red} of them long overdue",
        "{n} tasks are due, {red} of them long overdue",
        tasks,
        red=tr.number(red),
    )
    whom = tr("People of your communities") if scope.is_limited(view) else tr("Everyone in the district")
    heading(title, tr("{whom}; as of {day}. The same rows count on every page.", whom=whom, day=tr.day(view.today)))


def _kinds(view: View, kinds: list[DueKind], table: pd.DataFrame) -> DueKind:
    tr = view.tr
    by_code = {kind.code: kind for kind in kinds}

    def label(code: str) -> str:
        row, name = table.loc[code], tr(by_code[code].name)
        if row["red"]:
            return tr("{kind} {n} · ■ {red}", kind=name, n=tr.number(row["tasks"]), red=tr.number(row["red"]))
        return tr("{kind} {n}", kind=name, n=tr.number(row["tasks"]))

    code = url_choice(
        st.radio, tr("Kind of task"), "kind", list(by_code), kinds[0].code, key=Key.TASKS_KIND, format_func=label
    )
    st.caption(tr("■ long overdue"))
    return by_code[code or kinds[0].code]


def _tasks(view: View, kind: DueKind, rows: pd.DataFrame) -> None:
    """Rule and tasks: cards on a phone, else a table."""
    tr = view.tr
    limit = ""
    if kind.limit is not None:
        limit = tr.number(parameter(cache.store.parameters(view.revision), kind.limit, view.today))
    st.markdown(f"**{tr(kind.name)}** · {tr(kind.rule, limit=limit)}")
    if view.is_handheld:
        _cards(view, kind, rows)
        with st.expander(tr("The same for many, and download")):
            _table(view, kind, rows)
    else:
        _table(view, kind, rows)


def _cards(view: View, kind: DueKind, rows: pd.DataFrame) -> None:
    """The first tasks with the way to where each is done: a row of a table is too low for a thumb."""
    tr = view.tr
    key = Key.TASKS_CARDS.of(kind.code)
    n = st.session_state.get(key, CARDS)
    first = rows.head(n)
    cards = _readable(view, kind, first).astype(str)
    cards[tr(HEADINGS["days"])] = [
        tr.plural("{n} day overdue", "{n} days overdue", int(days)) for days in first["days"]
    ]
    for row, texts in zip(first.to_dict("records"), cards.to_dict("records"), strict=True):
        with st.container(border=True):
            who, *facts = (md_escape(text) for text in texts.values() if text)
            st.markdown(f"**{who}**  \n:small[:gray[{' · '.join(facts)}]]")
            _open_link(view, kind, row)
    if len(rows) > n:
        st.button(
            tr("{n} more", n=tr.number(min(CARDS, len(rows) - n))),
            key=Key.TASKS_CARDS.of("more"),
            on_click=st.session_state.__setitem__,
            args=(key, n + CARDS),
        )


def _open_link(view: View, kind: DueKind, row: dict[str, Any]) -> None:
    """The way to the thing that a task is about."""
    subject = kind.subject
    key = row["person_id"] if subject.parameter == "person" else row["key"]
    page_link(subject.page, view.tr("Open"), ":material/arrow_forward:", {subject.parameter: str(key)})


def _table(view: View, kind: DueKind, rows: pd.DataFrame) -> None:
    """All tasks of a kind, what can be done with the ticked ones, and the download."""
    tr = view.tr
    shown = _readable(view, kind, rows)
    state = show_table(
        view,
        shown.head(SHOWN),
        tr(kind.name),
        first=[HEADINGS[column] for column in ("person", "days")],
        height=420,
        key=Key.TASKS_LIST.of(kind.code),
        on_select="rerun",
        selection_mode="multi-row",
        placeholder="",
    )
    ticked = rows.iloc[[n for n in state.selection.rows if n < len(rows)]]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        _act(view, kind, ticked)
        action = Action.EXPORT_PEOPLE if rows["person_id"].notna().any() else Action.EXPORT_TABLE
        download_table(view, shown, tr(kind.name), Key.DOWNLOAD.of(kind.code), action=action)
    if len(rows) > SHOWN:
        st.caption(tr("First {n} of {all} rows; the download has all.", n=SHOWN, all=tr.number(len(rows))))


def _readable(view: View, kind: DueKind, rows: pd.DataFrame) -> pd.DataFrame:
    """The columns that say who, what, since when; without what is the same in every row."""
    tr = view.tr
    table = rows.assign(what=[_what(view, kind, text) for text in rows["what"]])
    if rows["person_id"].notna().any():
        table = with_people(view, table)
        if view.sees(Field.NAME) is Sight.HIDDEN:
            table = table.drop(columns="person")
    columns = [c for c in ("person", "community", "what", "owner", "since", "days") if c in table.columns]
    columns = [c for c in columns if c not in ("what", "owner") or (table[c].fillna("") != "").any()]
    return readable(tr, table[columns])


def _what(view: View, kind: DueKind, text: object) -> str:
    stored = "" if pd.isna(text) else str(text)
    return kind.describe(view.tr, stored) if kind.describe is not None and stored else stored


def _act(view: View, kind: DueKind, ticked: pd.DataFrame) -> None:
    """What can be done with the ticked tasks: open the one, or the same for all after a look at what it will do."""
    tr = view.tr
    if ticked.empty:
        st.caption(tr("Next: {action}. Tick rows to begin.", action=tr(kind.action)), width="stretch")
        return
    if len(ticked) == 1:
        row = ticked.iloc[0].to_dict()
        _open_link(view, kind, row)
        if kind.code == "follow_ups" and view.may(Action.RECORD_FOLLOW_UP):
            follow_up_form(view, int(row["key"]))
    people = list(dict.fromkeys(ticked["person_id"].dropna().astype(int)))
    if people and kind.code in VISIT_KINDS and view.may(Action.ASK_VISIT):
        schedule_visits(view, kind, people)
    if kind.code == "overdue_steps" and view.may(Action.RESCHEDULE_STEPS):
        reschedule(view, [int(key) for key in ticked["key"]])
    if people and view.may(Action.HAND_OVER):
        hand_over_plans(view, people)
