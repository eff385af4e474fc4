"""Records side by side: which value of each field stays, what would move and which figures would change; then one person or two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import streamlit as st

from core.audit.wording import entity_name
from core.indicators.merge_preview import merge_preview
from core.people.duplicates.scoring import FACTS, MARKS, Likeness
from core.people.masking import mask_name, mask_phone
from core.people.merging.commands import merge, tell_apart
from core.people.merging.fields import FIELDS, MergeField, differing, proposed
from core.people.merging.plan import MergePlan
from core.people.merging.rules import FILL_GAPS, NUMBERED, RULES, Row
from core.policy import Action
from core.store.commands import Change
from core.terms import RevealPurpose, Term
from pages import cache
from pages.common import dialogs, scope
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.query_params import set_query_param
from pages.common.saving import announce, attempt, checked
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View
from pages.people.reveal import read_in_full

__all__ = ["in_scope", "show_merge"]


def show_merge(view: View, ids: Sequence[int]) -> None:
    """The comparison of records of people whom the one who looks works with."""
    tr = view.tr
    dialogs.hold()
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        if st.button(tr("Back to the list"), icon=":material/arrow_back:", type="tertiary", key=Key.MERGE.of("back")):
            _leave("part", "duplicates")
        _reveal(view, ids)
    heading(
        tr("Are these {n} records one person?", n=len(ids)),
        tr("Choose what stays. A merge can be undone exactly; both old and new numbers find the person."),
    )
    members = _members(view, ids)
    people = {key: row for key, row in cache.people.records(view.revision, tuple(ids)).items() if key in members}
    if len(people) < 2:
        st.info(tr("Choose at least two records."))
        return
    keep = st.segmented_control(
        tr("The record that stays"),
        list(people),
        default=min(people),
        format_func=lambda person: tr("No. {n}", n=person),
        required=True,
        key=Key.MERGE.of("keep", *ids),
    )
    choices = _fields(view, keep, people)
    others = [person for person in people if person != keep]
    _what_moves(view, cache.people.merge_plan(view.revision, keep, tuple(others)))
    _figures(view, keep, others, people, choices)
    _decide(view, keep, others, people, choices)


def _leave(name: str, value: object, notice: str = "") -> None:
    st.session_state.pop(Key.MERGE.of("shown"), None)
    set_query_param("merge", "")
    set_query_param(name, value)
    announce(notice)


def _members(view: View, ids: Sequence[int]) -> list[int]:
    """Of a group of more than two: who is meant."""
    if len(ids) == 2:
        return list(ids)
    return st.pills(
        view.tr("Records that are one person"),
        list(ids),
        default=list(ids),
        selection_mode="multi",
        format_func=lambda person: view.tr("No. {n}", n=person),
        key=Key.MERGE.of("members", *ids),
    )


def _reveal(view: View, ids: Sequence[int]) -> None:
    tr = view.tr
    if _is_shown(ids) or not view.may(Action.REVEAL):
        return
    if st.button(
        tr("Show all in full"),
        icon=":material/visibility:",
        help=tr("To check who the person is; recorded for each of them."),
        key=Key.MERGE.of("reveal"),
    ):
        values = [read_in_full(view, person, RevealPurpose.IDENTIFY) for person in ids]
        if None not in values:
            st.session_state[Key.MERGE.of("shown")] = frozenset(ids)
            st.rerun()


def _is_shown(ids: Iterable[int]) -> bool:
    """Whether all of these records were shown in full in this visit of the page."""
    return frozenset(ids) <= st.session_state.get(Key.MERGE.of("shown"), frozenset())


def _fields(view: View, keep: int, people: Mapping[int, Row]) -> dict[str, int]:
    """A table of what the records say, and a choice for each field in which they differ."""
    tr = view.tr
    in_full = _is_shown(people)
    communities = cache.overview.facts(view.revision).communities.set_index("id")["name"]

    def text(field: MergeField, row: Row) -> str:
        parts = [_text(view, column, row[column], communities, in_full=in_full) for column in field.columns]
        return " · ".join(dict.fromkeys(part for part in parts if part)) or "—"

    table = pd.DataFrame(
        {tr("Fact"): [tr(field.label) for field in FIELDS]}
        | {tr("No. {n}", n=person): [text(field, row) for field in FIELDS] for person, row in people.items()}
    )
    show_table(view, table, tr("The records side by side"))
    _likeness(view, list(people))
    numbers = {row["id_hash"] for row in people.values()} - {None}
    if len(numbers) > 1:
        st.warning(tr("The records have different full ID numbers: they are one person only if one of them is wrong."))
    start, choices = proposed(keep, people), {}
    different = differing(people)
    if different:
        st.markdown(f"**{tr('Which value stays')}**")
    boxes = st.columns(2)
    for n, field in enumerate(different):
        choices[field.code] = boxes[n % 2].segmented_control(
            tr(field.label),
            list(people),
            default=start[field.code],
            format_func=lambda person, field=field: md_escape(f"{person}: {text(field, people[person])}"[:28]),
            required=True,
            key=Key.MERGE.of("field", field.code, keep, *people),
        )
    st.caption(
        tr("A phone that is not chosen becomes the second one where that is free; notes and work history are joined.")
    )
    return choices


def _likeness(view: View, ids: list[int]) -> None:
    """What agrees between each two of the records, and what that says."""
    tr = view.tr
    for pair in cache.people.pair_scores(view.revision, view.today, tuple(ids)).to_dict("records"):
        facts = " · ".join(
            f"{tr(label)} {MARKS[Likeness.of(pair[fact])]} {tr.signed(pair[f'{fact}_bits'])}"
            for fact, (label, _) in FACTS.items()
        )
        text = tr(
            "No. {first} and No. {second}: {facts}; {bits} bits in all, probability {share}",
            first=pair["person_id"],
            second=pair["other_id"],
            facts=facts,
            bits=tr.signed(pair["score"]),
            share=tr.percent(pair["probability"]),
        )
        st.caption(text)


def _text(view: View, column: str, value: Any, communities: pd.Series, *, in_full: bool) -> str:
    tr = view.tr
    if value is None or column in ("id_hash", "lon", "lat", "grid_id"):
        return tr("full number") if column == "id_hash" and value else ""
    if column == "id_last4":
        return f"*{value}"
    if column == "community_id":
        return tr.name(str(communities.get(value, value)))
    if column == "consent_withdrawn_on":
        return tr("withdrawn on {day}", day=tr.day(value))
    if isinstance(value, Term):
        return tr.term(value)
    if isinstance(value, date):
        return tr.day(value) if in_full or column != "birth_date" else f"{value:%Y-%m}"
    if in_full:
        return str(value)
    masks = {"name": mask_name, "phone": mask_phone}
    return masks[column](value) if column in masks else (tr("on record") if column == "address" else str(value))


def _what_moves(view: View, plan: MergePlan) -> None:
    tr = view.tr
    moved, joined = plan.moved, plan.joined
    with st.expander(
        tr(
            "{moved} rows move to the record that stays, {joined} become one with another",
            moved=tr.number(sum(moved.values())),
            joined=tr.number(sum(joined.values())),
        )
    ):
        for table in sorted({*moved, *joined}):
            parts = [tr("{n} move", n=moved.get(table, 0))]
            if table in joined:
                rule = tr(RULES.get(table, FILL_GAPS).text)
                parts.append(tr("{n} become one: {rule}", n=joined[table], rule=rule))
            if table in NUMBERED:
                parts.append(tr("numbered anew where a number is taken"))
            st.markdown(f"- {entity_name(table, tr)}: {'; '.join(parts)}")


def _figures(
    view: View, keep: int, others: Sequence[int], people: Mapping[int, Row], choices: Mapping[str, int]
) -> None:
    """The published figures that would change, computed on demand."""
    tr = view.tr
    asked = (view.revision, view.tr.lang, keep, *others, *sorted(choices.items()))
    known = st.session_state.get(Key.MERGE.of("figures"))
    if known is None or known[0] != asked:
        if not st.button(
            tr("Which published figures would change?"), icon=":material/calculate:", key=Key.MERGE.of("preview")
        ):
            return
        previewed = checked(
            view,
            lambda: merge_preview(
                cache.store.database(),
                cache.overview.facts(view.revision),
                tr,
                keep=keep,
                others=others,
                versions={person: row["version"] for person, row in people.items()},
                choices=choices,
                actor=view.access,
                at=datetime.now(UTC),
                today=view.today,
            ),
        )
        if previewed is None:
            return
        known = (asked, previewed.result)
        st.session_state[Key.MERGE.of("figures")] = known
    changes = known[1]
    if not changes:
        st.success(tr("No published figure would change."), icon=":material/check:")
        return
    st.markdown(
        f"**{tr.plural('{n} published figure would change', '{n} published figures would change', len(changes))}**"
    )
    show_table(
        view,
        pd.DataFrame(
            {
                tr("Figure"): [change.name for change in changes],
                tr("Now"): [change.before for change in changes],
                tr("After the merge"): [change.after for change in changes],
            }
        ),
        tr("Published figures that would change"),
        height="auto",
    )


def _decide(
    view: View, keep: int, others: Sequence[int], people: Mapping[int, Row], choices: Mapping[str, int]
) -> None:
    tr = view.tr
    reason = st.text_input(tr("Why they are one person"), **at_most(tr, 200), key=Key.MERGE.of("reason", *people))
    with st.container(horizontal=True):
        if view.may(Action.MERGE_PEOPLE) and st.button(
            tr("Merge into No. {n}", n=keep), type="primary", icon=":material/merge:", key=Key.MERGE.of("merge")
        ):
            versions = {person: row["version"] for person, row in people.items()}

            def make_one(change: Change) -> None:
                merge(
                    change,
                    keep=keep,
                    others=others,
                    versions=versions,
                    choices=choices,
                    today=view.today,
                    reason=reason,
                )

            if attempt(view, Action.MERGE_PEOPLE, make_one) is not None:
                _leave("person", keep, tr("No. {others} is now No. {n}.", others=tr.join(map(str, others)), n=keep))
        if view.may(Action.TELL_APART) and st.button(
            tr("Two people: do not ask again"), icon=":material/group:", key=Key.MERGE.of("apart")
        ):

            def keep_apart(change: Change) -> None:
                for n, person in enumerate(people):
                    for other in list(people)[n + 1 :]:
                        tell_apart(change, person, other, today=view.today)

            if attempt(view, Action.TELL_APART, keep_apart) is not None:
                _leave("part", "duplicates")


def in_scope(view: View, text: str) -> list[int]:
    """The numbers of an address 'merge=12.873' if they are two or more people whom the one who looks works with."""
    former = cache.people.former_numbers(view.revision)
    ids = [former.get(int(part), int(part)) for part in text.split(".") if part.isdecimal()]
    ids = list(dict.fromkeys(ids))
    return ids if len(ids) > 1 and all(scope.holds(view, person) for person in ids) else []
