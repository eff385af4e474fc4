"""Next week's roster: proposed at once, searched exactly, fixed by hand, approved by a colleague, changed by an absence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping
from datetime import timedelta

import numpy as np
import pandas as pd
import streamlit as st

from core.locale import Translator
from core.people.masking import mask_name
from core.policy import Action
from core.terms import JobForm
from core.workshops import commands
from core.workshops.exact_search import ExactSearch, replan
from core.workshops.roster import DAYS, WeekRoster
from core.workshops.roster_sheet import PublishedRoster, PublishedRow, roster_workbook, slot_name
from core.workshops.staffing import FREE, SHIFTS, Cell, Roster, changes, cost
from core.workshops.states import WorkshopState
from core.workshops.why_not import person_reasons, shift_reasons
from pages import cache
from pages.common.downloads import download_workbook
from pages.common.escape import md_escape
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View
from pages.workshops.detail import nobody_placed

__all__ = ["show"]

SECONDS = 20.0  # for the exact search
REPLAN_SECONDS = 10.0
TICK = 0.7  # seconds between two looks at a running search


@st.fragment
def show(view: View, state: WorkshopState) -> None:
    """What was approved for next week, and the proposal."""
    tr = view.tr
    st.caption(
        tr(
            "Open orders decide the hours: nobody is rostered beyond the work they hold. Every proposal respects stated days "
            "and hours, public holidays, 24 h a week part time and 40 h otherwise, stations, at least 3 people and a leader in "
            "an opened shift. Nobody works beyond the usual week while others are below theirs. A named person approves."
        )
    )
    if state.roll.empty:
        st.info(nobody_placed(state, tr), icon=":material/info:")
        return
    plan = cache.workshops.roster(view.revision, view.today, state.key)
    if plan.holidays:
        days = tr.join(f"{tr.day(day, 'short')} ({tr(holiday.name)})" for day, holiday in plan.holidays)
        st.caption(tr("Closed: {days}", days=days))
    approved = _approved(view, state, plan)
    if approved is not None:
        _published(view, state, plan, approved)
    elif plan.place.work <= 0 and not plan.home.orders_hold:
        st.info(
            tr.plural(
                "No open orders: nobody is rostered, {n} person on the roll has no work in the week of {day}.",
                "No open orders: nobody is rostered, {n} people on the roll have no work in the week of {day}.",
                len(state.roll),
                day=tr.day(plan.week),
            ),
            icon=":material/info:",
        )
        return
    if approved is None:
        _proposal(view, state, plan, rev=0)
    else:
        with st.expander(tr("Propose the week anew"), icon=":material/refresh:"):
            _proposal(view, state, plan, rev=int(approved["rev"]))


# --- the proposal


def _proposal(view: View, state: WorkshopState, quick: WeekRoster, *, rev: int) -> None:
    """The quick roster at once; the exact one when it has been searched; cells fixed by hand."""
    tr = view.tr
    search, plan, fixed = _searched(view, state, quick)
    st.markdown(md_escape(_finding(plan, tr)))
    never = sum(not any(w.available) for w in plan.workers)
    if never:
        st.caption(
            tr.plural(
                "{n} person's stated hours cover no half-day shift: check again before approving.",
                "{n} people's stated hours cover no half-day shift: check again before approving.",
                never,
            )
        )
    if plan.workers:
        wanted = _table_by_hand(view, state, plan, fixed)
        _search_box(view, state, quick, search, wanted)
        if not view.may(Action.APPROVE_ROSTER):
            pass
        elif wanted != fixed:
            st.caption(tr("Search once more with the fixed cells before approving."))
        else:
            _approve(view, state, plan, rev=rev, fixed=fixed)
        _why_not(plan, tr)
    if plan.home.names:
        _home(view, plan)


def _inputs(state: WorkshopState, plan: WeekRoster) -> tuple[Hashable, ...]:
    """The inputs of a search or a re-plan: its result is kept in the session as long as these are the same."""
    return (state.key, plan.week, plan.place, plan.persons, plan.workers, plan.roster.table.tobytes())


def _searched(
    view: View, state: WorkshopState, quick: WeekRoster
) -> tuple[ExactSearch | None, WeekRoster, dict[Cell, int]]:
    """The search of this session for these rows, the best roster so far, and the cells that were fixed for it."""
    kept = st.session_state.get(Key.ROSTER_SEARCH)
    if kept is None or kept["of"] != _inputs(state, quick):
        return None, quick, {}
    search: ExactSearch = kept["search"]
    if not search.is_done:
        return search, quick, kept["fixed"]
    roster = search.result()
    if roster is None:
        st.error(view.tr("No roster keeps the fixed cells and every rule: release some of them."))
        return None, quick, {}
    return search, quick.with_roster(roster), kept["fixed"]


def _start(state: WorkshopState, quick: WeekRoster, wanted: Mapping[Cell, int]) -> None:
    st.session_state[Key.ROSTER_SEARCH] = {
        "of": _inputs(state, quick),
        "fixed": dict(wanted),
        "search": ExactSearch([quick.place], quick.workers, seconds=SECONDS, fixed=wanted),
    }


def _search_box(
    view: View, state: WorkshopState, quick: WeekRoster, search: ExactSearch | None, wanted: Mapping[Cell, int]
) -> None:
    """Start, follow and cancel the exact search."""
    tr = view.tr
    if search is not None and not search.is_done:
        _progress(view, search)
        return
    label = tr("Search with the fixed cells") if wanted else tr("Search exactly")
    st.button(
        label, icon=":material/manage_search:", key=Key.ROSTER_START, on_click=_start, args=(state, quick, wanted)
    )
    if search is not None and search.is_cancelled:
        st.caption(tr("The search was cancelled; this is the best roster that it had found."))
    elif search is not None and search.has_failed:
        st.caption(tr("The exact search ended without a result; this is the quick roster."))


def _progress(view: View, search: ExactSearch) -> None:
    tr = view.tr

    @st.fragment(run_every=TICK)
    def follow() -> None:
        if search.is_done:
            st.rerun()
        last = search.progress[-1] if search.progress else None
        share = min((last.seconds if last else 0.0) / search.seconds, 1.0)
        text = tr("Searching for a roster …")
        if last is not None and np.isfinite(last.gap):
            text = tr(
                "Searching: {seconds} s, at most {gap} from the best possible roster",
                seconds=tr.number(last.seconds, 1),
                gap=tr.percent(last.gap),
            )
        st.progress(share, text=text)
        if st.button(tr("Cancel"), key=Key.ROSTER_CANCEL, icon=":material/cancel:"):
            search.cancel()
            st.rerun()

    follow()


def _finding(plan: WeekRoster, tr: Translator) -> str:
    """What is asked for, what the roster covers, and how it was found."""
    table = plan.roster.table
    text = tr(
        "Week of {day}: the due dates ask for {asked} standard h on site, the roster makes {covered} in {opened} opened shifts "
        "and {given} person-shifts.",
        day=tr.day(plan.week),
        asked=tr.number(plan.asked, 1),
        covered=tr.number(plan.covered, 1),
        opened=int((table != FREE).any(axis=0).sum()),
        given=plan.given,
    )
    if plan.uncovered > plan.shift_hours / 2:  # less than that is the rounding to whole shifts
        text = tr.sentences(
            text, tr("For {n} standard h there is nobody in this week.", n=tr.number(plan.uncovered, 1))
        )
    if plan.roster.method == "exact":
        share = tr.percent(plan.roster.gap or 0.0)
        return tr.sentences(text, tr("Exact search; at most {gap} from the best possible roster.", gap=share))
    return tr.sentences(text, tr("Quick search."))


def _table_by_hand(view: View, state: WorkshopState, plan: WeekRoster, fixed: Mapping[Cell, int]) -> dict[Cell, int]:
    """The roster as a table in which cells can be fixed; on a phone as a list of half days. Returns the fixed cells."""
    tr = view.tr
    if view.is_handheld:
        _by_shift(plan, tr)
        return dict(fixed)
    works, free, fix_works, fix_free = words = ("●", "·", tr("● fixed"), tr("– fixed"))
    slots = [s for s in range(SHIFTS) if plan.open_slots[s]]

    def word(i: int, s: int) -> str:
        is_on = plan.roster.table[i, s] != FREE
        if (i, s) in fixed:
            return fix_works if is_on else fix_free
        return works if is_on else free

    shown = _people(plan, tr)
    for s in slots:
        shown[slot_name(s, tr)] = [word(i, s) for i in range(len(plan.workers))]
    shown[tr("Shifts")] = (plan.roster.table != FREE).sum(axis=1)
    shown[tr("Usual week")] = [w.usual for w in plan.workers]
    config = {
        slot_name(s, tr): st.column_config.SelectboxColumn(options=list(words), required=False, width="small")
        for s in slots
    }
    edited = st.data_editor(
        shown,
        hide_index=True,
        placeholder="",
        height="content",
        num_rows="fixed",
        disabled=[c for c in shown.columns if c not in config],
        column_config=config,
        key=Key.ROSTER_LOCKS.of(state.key, hash(_inputs(state, plan)), len(fixed)),
    )
    st.caption(
        tr("Choose “{works}” or “{free}” in a cell to keep it so in the next search.", works=fix_works, free=fix_free)
    )
    return {
        (i, s): 0 if edited[slot_name(s, tr)].iloc[i] == fix_works else FREE
        for s in slots
        for i in range(len(plan.workers))
        if edited[slot_name(s, tr)].iloc[i] in (fix_works, fix_free)
    }


def _names(plan: WeekRoster, tr: Translator) -> list[str]:
    """The masked name of each worker, with the person's number where several read alike."""
    masked = [mask_name(worker.name) for worker in plan.workers]
    count = Counter(masked)
    return [
        name if count[name] == 1 else f"{name} · {tr('No. {n}', n=person)}"
        for name, person in zip(masked, plan.persons, strict=True)
    ]


def _people(plan: WeekRoster, tr: Translator) -> pd.DataFrame:
    leads = [f" · {tr('leads')}" if worker.is_leader else "" for worker in plan.workers]
    names = [name + lead for name, lead in zip(_names(plan, tr), leads, strict=True)]
    forms = [tr.term(JobForm(form)) if form else "" for form in plan.forms]
    return pd.DataFrame({tr("Full name"): names, tr("Form"): forms})


def _by_shift(plan: WeekRoster, tr: Translator) -> None:
    """Who works on each half day, a line each."""
    table, workers = plan.roster.table, _names(plan, tr)
    for s in range(SHIFTS):
        crew = np.flatnonzero(table[:, s] != FREE).tolist()
        if crew:
            names = tr.join(workers[i] for i in crew)
            st.markdown(f"**{slot_name(s, tr)}** ({len(crew)}): {md_escape(names)}")


def _approve(
    view: View, state: WorkshopState, plan: WeekRoster, *, rev: int, fixed: Mapping[Cell, int], reason: str = ""
) -> None:
    tr = view.tr
    with st.form(Key.ROSTER_APPROVE.of(state.key, rev, "change" if reason else "plan"), border=False):
        why = st.text_input(tr("Reason of the change"), reason, **at_most(tr, 200)) if rev else ""
        if st.form_submit_button(
            tr("Approve as {name}", name=view.access.name), type="primary", icon=":material/verified:"
        ):
            save(
                view,
                Action.APPROVE_ROSTER,
                lambda change: commands.approve_roster(
                    change, state.key, plan, rev=rev, today=view.today, reason=why, fixed=list(fixed)
                ),
                tr("The roster of the week of {day} is approved.", day=tr.day(plan.week)),
            )


def _why_not(plan: WeekRoster, tr: Translator) -> None:
    """A sentence for every half day that is not full and for everybody whose week differs from the usual one."""
    with st.expander(tr("Why not?"), icon=":material/help:"):
        shifts = [r for r in shift_reasons(plan, tr) if r.text]
        people = [r for r in person_reasons(plan, tr) if r.text]
        workers = _names(plan, tr)
        left, right = st.columns(2, gap="medium")
        left.markdown("\n".join(f"- **{slot_name(r.slot, tr)}** {md_escape(r.text)}" for r in shifts))
        right.markdown("\n".join(f"- {md_escape(workers[r.worker])}: {md_escape(r.text)}" for r in people))


# --- what was approved


def _approved(view: View, state: WorkshopState, plan: WeekRoster) -> pd.Series | None:
    """The approved roster of the plan's week."""
    known = cache.workshops.approved_rosters(view.revision)
    own = known[(known["workshop_id"] == state.key) & (known["week"] == pd.Timestamp(plan.week))]
    return None if own.empty else own.iloc[0]


def _published(view: View, state: WorkshopState, quick: WeekRoster, approved: pd.Series) -> None:
    """The approved roster, its sheets, and the change that an absence makes."""
    tr = view.tr
    cells = cache.workshops.approved_cells(view.revision)
    own = cells[cells["roster_id"] == approved["id"]]
    position = {person: i for i, person in enumerate(quick.persons)}
    table = np.full((len(quick.workers), SHIFTS), FREE)
    for row in own.itertuples():
        if row.person_id in position:  # somebody may have left since
            table[position[row.person_id], row.slot] = 0
    plan = quick.with_roster(Roster(table, "approved", cost(table, [quick.place], quick.workers), None))
    st.markdown(
        md_escape(
            tr(
                "Week of {day}, version {rev}: approved by {name}, {time}; {given} person-shifts, {covered} of {asked} standard h.",
                day=tr.day(plan.week),
                rev=approved["rev"],
                name=approved["approved_by"],
                time=tr.time(approved["approved_at"]),
                given=plan.given,
                covered=tr.number(approved["expected_hours"], 1),
                asked=tr.number(approved["asked_hours"], 1),
            )
        )
    )
    if view.is_handheld:
        _by_shift(plan, tr)
    else:
        _approved_table(view, plan, state)
    left = own[~own["person_id"].isin(position)]
    if not left.empty:
        st.caption(tr("{n} people of this roster are no longer on the roll.", n=left["person_id"].nunique()))
    _downloads(view, state, plan, approved)
    if view.may(Action.APPROVE_ROSTER):
        _absence(view, state, plan, rev=int(approved["rev"]))


def _approved_table(view: View, plan: WeekRoster, state: WorkshopState) -> None:
    tr = view.tr
    shown = _people(plan, tr)
    for s in range(SHIFTS):
        if (plan.roster.table[:, s] != FREE).any():
            shown[slot_name(s, tr)] = ["●" if p != FREE else "" for p in plan.roster.table[:, s].tolist()]
    shown[tr("Shifts")] = (plan.roster.table != FREE).sum(axis=1)
    shown[tr("Usual week")] = [w.usual for w in plan.workers]
    show_table(view, shown, tr("Approved roster of {name}", name=state.name))


def _downloads(view: View, state: WorkshopState, plan: WeekRoster, approved: pd.Series) -> None:
    """The sheet for the wall with all slips, and the slip of one person."""
    tr = view.tr

    def published(workers: list[int]) -> PublishedRoster:
        rows = tuple(
            PublishedRow(
                plan.workers[i].name,
                tuple(np.flatnonzero(plan.roster.table[i] != FREE).tolist()),
                plan.workers[i].is_leader,
            )
            for i in workers
        )
        return PublishedRoster(
            workshop=state.name,
            week=plan.week,
            rev=int(approved["rev"]),
            shift_hours=plan.shift_hours,
            approved_by=str(approved["approved_by"]),
            approved_at=approved["approved_at"].to_pydatetime(),
            rows=rows,
        )

    if not view.may(Action.EXPORT_PEOPLE):  # it carries full names
        return
    everybody = list(range(len(plan.workers)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        download_workbook(
            view,
            lambda number: roster_workbook(published(everybody), tr, number),
            tr("Roster of {name}", name=state.name),
            Key.ROSTER_DOWNLOAD,
            tr("Roster and slips (A4)"),
            action=Action.EXPORT_PEOPLE,
        )
        one = st.selectbox(
            tr("Slip of"),
            everybody,
            format_func=_names(plan, tr).__getitem__,
            key=Key.ROSTER_SLIP,
            width=200,
        )
        if one is not None:
            download_workbook(
                view,
                lambda number: roster_workbook(published([one]), tr, number),
                tr("Slip of {name}", name=state.name),
                Key.ROSTER_SLIP.of("download"),
                tr("This slip"),
                action=Action.EXPORT_PEOPLE,
            )


def _absence(view: View, state: WorkshopState, plan: WeekRoster, *, rev: int) -> None:
    """Somebody cannot come: the roster with the fewest cells changed, to be approved."""
    tr = view.tr
    st.subheader(tr("Somebody cannot come"), anchor=False)
    workers = _names(plan, tr)
    days = [d for d in range(7) if any(plan.open_slots[2 * d : 2 * d + 2])]
    with st.form(Key.ROSTER_ABSENT.of(state.key, rev), border=False):
        a, b = st.columns(2)
        person = a.selectbox(tr("Worker"), range(len(workers)), format_func=workers.__getitem__, index=None)
        absent = b.multiselect(
            tr("On"), days, format_func=lambda d: f"{tr(DAYS[d])} {tr.day(plan.week + timedelta(days=d), 'short')}"
        )
        is_asked = st.form_submit_button(tr("Re-plan with the fewest changes"), icon=":material/swap_horiz:")
    if is_asked and person is not None and absent:
        now = plan.with_absence(person, [s for d in absent for s in (2 * d, 2 * d + 1)])
        with st.spinner(tr("Searching for a roster …")):
            replanned = replan([now.place], now.workers, plan.roster.table, seconds=REPLAN_SECONDS)
        st.session_state[Key.ROSTER_ABSENT] = (_inputs(state, plan), now, replanned, person)
    kept = st.session_state.get(Key.ROSTER_ABSENT)
    if kept is None or kept[0] != _inputs(state, plan):
        return
    _, now, replanned, person = kept
    if replanned is None:
        st.error(tr("No roster keeps every rule without this person."))
        return
    after = now.with_roster(replanned)
    moved = changes(plan.roster.table, replanned.table, now.workers)
    name = workers[person]
    st.markdown(md_escape(_change_sentence(plan, after, moved, name, tr)))
    for i, s in moved:
        text = tr("works") if replanned.table[i, s] != FREE else tr("is free")
        st.markdown(f"- {md_escape(workers[i])}, {slot_name(s, tr)}: {text}")
    _approve(view, state, after, rev=rev, fixed={}, reason=tr("absence of {name}", name=name))


def _change_sentence(before: WeekRoster, after: WeekRoster, moved: list[Cell], name: str, tr: Translator) -> str:
    text = tr.plural(
        "Without {name} {n} other cell changes; the roster makes {after} instead of {before} standard h.",
        "Without {name} {n} other cells change; the roster makes {after} instead of {before} standard h.",
        len(moved),
        name=name,
        before=tr.number(before.covered, 1),
        after=tr.number(after.covered, 1),
    )
    if after.uncovered > after.shift_hours / 2:
        text = tr.sentences(
            text, tr("For {n} standard h there is nobody in this week.", n=tr.number(after.uncovered, 1))
        )
    return text


def _home(view: View, plan: WeekRoster) -> None:
    """Who works at home, for how many hours, and why not for more."""
    tr = view.tr
    home = plan.home
    st.subheader(tr("At home, without a station"), anchor=False)
    if not home.orders_hold:
        st.caption(
            tr.plural(
                "{n} person in home piece work: none of the open orders may be made at home.",
                "{n} people in home piece work: none of the open orders may be made at home.",
                len(home.names),
            )
        )
        return
    st.caption(
        tr(
            "Orders that may be made at home hold {hold} standard h; {made} of them are made in this week, {hours} h a person of "
            "usually {usual}.",
            hold=tr.number(home.orders_hold, 1),
            made=tr.number(home.made, 1),
            hours=tr.number(home.hours_each, 1),
            usual=tr.number(home.usual_hours, 1),
        )
    )
    shown = pd.DataFrame({tr("Full name"): [mask_name(n) for n in home.names], tr("Hours at home"): home.hours_each})
    show_table(
        view, shown, tr("People at home"), config={tr("Hours at home"): st.column_config.NumberColumn(format="%.1f")}
    )
