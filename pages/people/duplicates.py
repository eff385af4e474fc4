"""Who may be recorded twice: pairs with their reasons, merges that were made, and pairs that are two people."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.audit.wording import entity_name
from core.people.duplicates.scoring import FACTS, MARKS, Likeness, groups
from core.people.masking import mask_name
from core.people.merging.commands import UnmergeRefused, forget_decision, unmerge
from core.policy import Action
from core.store.commands import Change
from core.store.settings import parameter
from pages import cache
from pages.common import scope
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.query_params import set_query_param, url_choice
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["duplicates"]

LOWER = (0.1, 0.01)  # probabilities that may be looked at as well
SHOWN = 500  # pairs sent to the browser
OBSTACLES = 5  # rows named that stand against an undo


def duplicates(view: View, top: DeltaGenerator) -> None:
    """The worklist; a row opens the comparison of the two records. Its finding goes to the ``top`` of the page."""
    tr, list_area = view.tr, st.container()
    usual = parameter(cache.store.parameters(view.revision), "duplicate_limit", view.today)
    limit = url_choice(
        st.segmented_control,
        tr("Pairs from a probability of"),
        "from",
        [usual, *(value for value in LOWER if value < usual)],
        usual,
        key=Key.DUPLICATES.of("limit"),
        format_func=lambda share: tr.percent(share, 0),
        required=True,
    )
    every = cache.people.duplicate_pairs(view.revision, view.today, limit)
    pairs = every[scope.mask(view, every["person_id"]) & scope.mask(view, every["other_id"])].reset_index(drop=True)
    with top:
        heading(
            tr.plural("{n} pair of records may be one person", "{n} pairs of records may be one person", len(pairs)),
            tr("As of {day}; likeliest first. A pair is a question: a person decides.", day=tr.day(view.today)),
        )
    with list_area:
        _list(view, pairs)
    if len(pairs) < len(every):
        st.caption(
            tr.plural(
                "{n} more pair is about people of other communities: the dispatcher sees it.",
                "{n} more pairs are about people of other communities: the dispatcher sees them.",
                len(every) - len(pairs),
            )
        )
    _by_number(view)
    _explanation(view)
    _merges(view)
    _two_people(view)


def _list(view: View, pairs: pd.DataFrame) -> None:
    tr = view.tr
    if pairs.empty:
        st.info(tr("No pair reaches this probability."), icon=":material/check:")
        return
    people = scope.pool(view).set_index("id")
    members = {person: group for group in groups(pairs) for person in group}
    shown = pd.DataFrame(
        {
            tr("First"): _labels(people, pairs["person_id"]),
            tr("Second"): _labels(people, pairs["other_id"]),
            tr("Probability"): pairs["probability"],
            tr("Score, bits"): pairs["score"].round(1),
        }
        | {tr(label): [MARKS[Likeness.of(code)] for code in pairs[fact]] for fact, (label, _) in FACTS.items()}
    )
    state = show_table(
        view,
        shown.head(SHOWN),
        tr("Pairs that may be one person"),
        config={
            tr("Probability"): st.column_config.ProgressColumn(format="percent", min_value=0.0, max_value=1.0),
            tr("Score, bits"): st.column_config.NumberColumn(format="%.1f"),
        },
        height="auto",
        key=Key.DUPLICATES.of("list"),
        on_select="rerun",
        selection_mode="single-row",
    )
    st.caption(
        tr("Select a row to compare the records.")
        + "  "
        + " · ".join(f"{mark} {tr.term(likeness)}" for likeness, mark in MARKS.items())
    )
    for position in state.selection.rows:
        _compare(members[int(pairs["person_id"].iloc[position])])


def _labels(people: pd.DataFrame, ids: pd.Series) -> list[str]:
    return [f"{mask_name(people['name'].get(person))} {person}" for person in ids]


def _compare(ids: list[int]) -> None:
    set_query_param("merge", ".".join(map(str, ids)))
    st.rerun()


def _by_number(view: View) -> None:
    """Compare records that somebody knows to be one person, whatever they share."""
    tr = view.tr
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(
            tr("Compare by number"), placeholder="12, 873", key=Key.DUPLICATES.of("numbers"), width=240, max_chars=80
        )
        former = cache.people.former_numbers(view.revision)
        ids = list(dict.fromkeys(former.get(int(n), int(n)) for n in re.findall(r"\d{1,9}", text)))
        if st.button(tr("Compare"), disabled=len(ids) < 2, key=Key.DUPLICATES.of("compare")):
            if all(scope.holds(view, person) for person in ids):
                _compare(ids)
            st.error(tr("One of these numbers is nobody's, or of somebody you do not work with."))


def _explanation(view: View) -> None:
    tr = view.tr
    with st.expander(tr("How the score is made")):
        st.markdown(
            tr(
                "Each fact that agrees adds log₂(m ÷ u) bits, one that differs adds log₂((1 − m) ÷ (1 − u)), an unknown one nothing (Fellegi and Sunter 1969). m: how often it agrees for one person, a dated parameter; u: how often it agrees by chance, counted in this store. The expected share of people recorded twice makes a probability of the sum."
            )
        )
        for label, meaning in FACTS.values():
            st.markdown(f"- **{tr(label)}**: {tr(meaning)}")


def _merges(view: View) -> None:
    tr = view.tr
    rows = scope.rows(view, cache.people.merges(view.revision))
    with st.expander(tr.plural("{n} merge", "{n} merges", len(rows))):
        for row in rows.head(SHOWN).to_dict("records"):
            _merge(view, row)


def _merge(view: View, row: dict[str, Any]) -> None:
    tr = view.tr
    is_undone = isinstance(row["undone_by"], str)
    text = tr(
        "{day}: No. {others} became No. {person}, by {name}",
        day=tr.day(row["merged_on"]),
        others=tr.join(map(str, row["others"])),
        person=row["person_id"],
        name=md_escape(row["author"]),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{text} · :gray[{tr('undone')}]" if is_undone else text, width="stretch")
        if not is_undone:
            if st.button(tr("Open"), type="tertiary", key=Key.MERGE.of("open", row["id"])):
                set_query_param("person", int(row["person_id"]))
                st.rerun()
            if view.may(Action.UNMERGE_PEOPLE) and st.button(
                tr("Undo the merge"), type="tertiary", icon=":material/undo:", key=Key.MERGE.of("undo", row["id"])
            ):
                _undo(view, int(row["id"]))


def _undo(view: View, merge_id: int) -> None:
    tr = view.tr

    def undo(change: Change) -> None:
        try:
            unmerge(change, merge_id)
        except UnmergeRefused as refused:
            rows = [f"{entity_name(row.table, tr)} {row.row_id}" for row in refused.obstacles[:OBSTACLES]]
            if rows:
                st.caption(md_escape(tr("Changed since: {rows}", rows=tr.join(rows))))
            raise

    save(view, Action.UNMERGE_PEOPLE, undo, tr("The merge is undone: every row is as it was before."))


def _two_people(view: View) -> None:
    tr = view.tr
    rows = cache.people.distinct_pairs(view.revision)
    rows = rows[scope.mask(view, rows["person_id"]) & scope.mask(view, rows["other_id"])]
    with st.expander(tr.plural("{n} pair decided to be two people", "{n} pairs decided to be two people", len(rows))):
        for row in rows.head(SHOWN).itertuples():
            with st.container(horizontal=True, vertical_alignment="center"):
                text = tr(
                    "No. {first} and No. {second} · {day}, {name}",
                    first=row.person_id,
                    second=row.other_id,
                    day=tr.day(row.decided_on),
                    name=md_escape(row.author),
                )
                st.markdown(text, width="stretch")
                if view.may(Action.TELL_APART) and st.button(
                    tr("Ask again"), type="tertiary", key=Key.DUPLICATES.of("forget", row.id)
                ):
                    decision = int(row.id)
                    save(view, Action.TELL_APART, lambda change, key=decision: forget_decision(change, key))
