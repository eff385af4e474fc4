"""Whom a row without a certain person means: the row and each known person side by side, fact by fact, and a decision."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.intake.findings import Decision
from core.intake.planning.persons import Answer, compare_sound
from core.intake.planning.plan import ImportPlan
from core.intake.planning.statements import Candidate, PersonKeys, RowOutcome
from core.locale import N_
from core.people.masking import mask_name, mask_phone
from core.terms import Agreement
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.data.import_state import ImportState

__all__ = ["ask_decision", "review"]

FACTS = {
    "name": N_("name"),
    "pinyin": N_("pinyin"),
    "phone": N_("phone"),
    "last4": N_("last four"),
    "birth": N_("birth"),
    "community": N_("community"),
}
MARKS = {Agreement.AGREES: "✓", Agreement.DIFFERS: "✗", Agreement.UNKNOWN: "?"}


def ask_decision(view: View, state: ImportState) -> Decision | None:
    """The decision on all open rows together; None: ask row by row."""
    if state.plan is None or not (state.answers or any(row.is_open for row in state.plan.rows)):
        return None
    tr = view.tr
    labels = {
        None: tr("ask me"),
        Decision.SAME_PERSON: tr("it is the same person"),
        Decision.NEW_PERSON: tr("it is a new person"),
    }
    return st.selectbox(
        tr("Rows without ID number that fit someone by name and another fact"),
        list(labels),
        format_func=lambda decision: labels[decision],
        key=Key.IMPORT_OTHERWISE.of(state.file_id),  # a decision is for one file
        width=420,
    )


def review(view: View, state: ImportState, plan: ImportPlan) -> None:
    """The open rows one after the other, then those of the same name alone, which count as new unless decided otherwise."""
    tr = view.tr
    rows = [row for row in plan.rows if row.candidates]
    waiting = [row for row in rows if row.is_open]
    namesakes = [row for row in rows if not row.is_open and row.number not in state.answers and _is_new(row)]
    if waiting:
        st.markdown(
            f"**{tr.plural('{n} row waits for your decision', '{n} rows wait for your decision', len(waiting))}**"
        )
        _decide(view, state, plan, waiting[0])
    if namesakes:
        title = tr.plural(
            "{n} new person has the name of somebody known",
            "{n} new people have the name of somebody known",
            len(namesakes),
        )
        with st.expander(title, expanded=not waiting):
            number = st.selectbox(
                tr("Row"),
                range(len(namesakes)),
                format_func=lambda n: str(namesakes[n].number),
                key=Key.IMPORT_REVIEW.of(state.file_id),
                width=200,
            )
            _decide(view, state, plan, namesakes[min(number or 0, len(namesakes) - 1)])


def _is_new(row: RowOutcome) -> bool:
    return all(not candidate.agreeing for candidate in row.candidates)


def _decide(view: View, state: ImportState, plan: ImportPlan, row: RowOutcome) -> None:
    """The facts of the row beside those of each candidate (masked), and a button for each answer."""
    tr, person = view.tr, row.person
    if person is None:
        return
    columns = {tr("fact"): [tr(label) for label in FACTS.values()]}
    columns[tr("row {n}", n=str(row.number))] = _facts_of_row(plan, person)
    for position, candidate in enumerate(row.candidates, 1):
        facts = {**candidate.facts, "pinyin": compare_sound(person.name, candidate.name)}
        marks = [f"{MARKS[facts[fact]]} {text}" for fact, text in _facts_of(plan, candidate).items()]
        columns[_title(view, candidate, position)] = marks
    show_table(view, pd.DataFrame(columns), tr("The row and the people that it may mean"), height="auto")
    st.caption(tr("✓ agrees · ✗ differs · ? unknown"))
    with st.container(horizontal=True):
        for position, candidate in enumerate(row.candidates, 1):
            st.button(
                tr("It is {person}", person=_title(view, candidate, position)),
                key=Key.IMPORT_DECIDE.of(row.number, candidate.id),
                on_click=_answer,
                args=(state, row.number, candidate.id),
            )
        st.button(
            tr("It is a new person"),
            key=Key.IMPORT_DECIDE.of(row.number, "new"),
            on_click=_answer,
            args=(state, row.number, Decision.NEW_PERSON),
        )


def _answer(state: ImportState, row: int, answer: Answer) -> None:
    state.answers[row] = answer


def _title(view: View, candidate: Candidate, position: int) -> str:
    if candidate.row is not None:
        return view.tr("the person of row {n}", n=str(candidate.row))
    return view.tr("known person {n}", n=position)


def _facts_of_row(plan: ImportPlan, person: PersonKeys) -> list[str]:
    community = None if person.community is None else plan.words.label("community", person.community)
    birth = None if person.birth is None else f"{person.birth:%Y-%m}"
    return [mask_name(person.name), "", mask_phone(person.phone), person.last4 or "—", birth or "—", community or "—"]


def _facts_of(plan: ImportPlan, candidate: Candidate) -> dict[str, str]:
    community = None if candidate.community is None else plan.words.label("community", candidate.community)
    return {
        "name": mask_name(candidate.name),
        "pinyin": "",
        "phone": mask_phone(candidate.phone),
        "last4": candidate.last4 or "—",
        "birth": "—" if candidate.birth is None else f"{candidate.birth:%Y-%m}",
        "community": community or "—",
    }
