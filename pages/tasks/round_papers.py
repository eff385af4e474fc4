"""The rounds that were made: how many households came back, the paper and the sheet of each."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from core.intake.export import frame_to_xlsx
from core.intake.sheets import SHEETS
from core.people.masking import mask_name, mask_phone
from core.people.visit_numbers import shown
from core.policy import Action, Field, Sight, communities_of
from core.tasks.kinds import KINDS, VISIT_KINDS
from core.terms import RevealPurpose
from core.visiting.commands import reveal_round
from core.visiting.paper_sheet import PaperStop, RoundHead, round_sheet
from pages import cache
from pages.common import scope
from pages.common.downloads import download_file, download_workbook
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["papers"]

KIND_NAMES = {kind.code: kind.name for kind in KINDS}
PURPOSES = (RevealPurpose.VISIT, RevealPurpose.CONTACT, RevealPurpose.IDENTIFY)


def papers(view: View) -> None:
    """The list; the selected round, else the newest, to print."""
    tr = view.tr
    rounds = _own_rounds(view)
    st.subheader(tr("Rounds"), anchor=False)
    if rounds.empty:
        st.caption(tr("No round has been made yet."))
        return
    table = pd.DataFrame(
        {
            tr("Day"): rounds["walk_on"].dt.date,
            tr("Community"): rounds["community"].map(tr.name),
            tr("Visitor"): rounds["visitor"],
            tr("Sets out"): rounds["begins_at"],
            tr("Households"): rounds["households"],
            tr("Entered"): rounds["called"],
            tr("Made by"): rounds["made_by"],
        }
    )
    state = show_table(
        view,
        table,
        tr("Rounds"),
        height=min(38 + 35 * len(table), 260),
        key=Key.ROUND_LIST,
        on_select="rerun",
        selection_mode="single-row",
    )
    chosen = next((n for n in state.selection.rows if n < len(rounds)), 0)
    _paper(view, rounds.iloc[chosen])


def _own_rounds(view: View) -> pd.DataFrame:
    rounds = cache.visiting.rounds(view.revision)
    own = communities_of(view.access)
    return rounds if own is None else rounds[rounds["community_id"].isin(own)].reset_index(drop=True)


def _paper(view: View, round_: pd.Series) -> None:
    """The files of one round."""
    tr, number = view.tr, int(round_["id"])
    stops = scope.rows(view, cache.visiting.stops(view.revision))
    stops = stops[stops["round_id"] == number].reset_index(drop=True)
    st.caption(
        tr(
            "Round of {day} by {name}: take the paper along, and bring it back through the page or its sheet.",
            day=tr.day(round_["walk_on"]),
            name=md_escape(round_["visitor"]),
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        download_file(
            view,
            tr("Paper, names masked"),
            lambda export: _sheet(view, round_, stops, None, export),
            f"{tr('Visiting round')}_{number}.html",
            key=Key.ROUND_PAPER.of("masked"),
            action=Action.EXPORT_PEOPLE,
            count=lambda: len(stops),
            filters=f"round={number}",
            icon=":material/print:",
        )
        if view.sees(Field.ADDRESS) is Sight.ON_PURPOSE and view.may(Action.REVEAL):
            _in_full(view, round_, stops)
        download_workbook(
            view,
            lambda export: frame_to_xlsx(_workbook(view, stops), tr(SHEETS["round_visits"].title), tr, export),
            f"{tr('Visiting round')}_{number}",
            Key.ROUND_PAPER.of("sheet"),
            tr("Sheet to fill in and import"),
            action=Action.EXPORT_PEOPLE,
            count=lambda: len(stops),
            filters=f"round={number}",
        )


def _in_full(view: View, round_: pd.Series, stops: pd.DataFrame) -> None:
    """The paper with names, phones and addresses: a purpose first, which goes into the log and the register."""
    tr, number = view.tr, int(round_["id"])
    with st.popover(tr("Paper, in full"), icon=":material/visibility:"):
        purpose = st.selectbox(
            tr("What for"),
            PURPOSES,
            index=None,
            format_func=tr.term,
            placeholder=tr("choose"),
            key=Key.ROUND_PAPER.of("purpose", number),
        )
        st.caption(
            tr("Your name, the purpose and the time are recorded for each person, and the file in the register.")
        )
        if purpose is not None:
            download_file(
                view,
                tr("Paper with names and addresses"),
                lambda export: _sheet(view, round_, stops, purpose, export),
                f"{tr('Visiting round')}_{number}.html",
                key=Key.ROUND_PAPER.of("full"),
                action=Action.EXPORT_PEOPLE,
                count=lambda: len(stops),
                filters=f"round={number}&in_full_for={purpose.value}",
                icon=":material/print:",
            )


def _sheet(
    view: View, round_: pd.Series, stops: pd.DataFrame, purpose: RevealPurpose | None, export_number: str
) -> bytes:
    """The paper; with a ``purpose`` everyone on it is revealed and that is recorded."""
    tr, now = view.tr, datetime.now(UTC)
    people = cache.overview.facts(view.revision).people.set_index("id").loc[stops["person_id"]]
    if purpose is None:
        names = [mask_name(name) for name in people["name"]]
        phones = [mask_phone(phone) for phone in people["phone"]]
        addresses = [""] * len(people)
    else:
        full = reveal_round(
            cache.store.database(), int(round_["id"]), purpose=purpose, actor=view.access, at=now
        ).set_index("person_id")
        full = full.loc[stops["person_id"]].fillna("")
        names, phones, addresses = (list(full[column]) for column in ("name", "phone", "address"))
    start = cache.visiting.start_points(view.revision).set_index("community_id").loc[round_["community_id"]]
    place = start["place"] if pd.notna(start["place"]) else tr("the middle of the community")
    head = RoundHead(
        district=view.district.name(tr.lang),
        community=tr.name(round_["community"]),
        visitor=round_["visitor"],
        walk_on=round_["walk_on"].date(),
        begins_at=round_["begins_at"],
        start_place=str(place),
        purpose=purpose,
        printed_by=view.access.name,
        printed_on=view.today,
        export_number=export_number,
        is_demo=view.district.holds_sample,
    )
    reasons = _reasons(view)
    rows = [
        PaperStop(
            position=int(stop.position),
            arrives_at=str(stop.arrives_at) if isinstance(stop.arrives_at, str) else "",
            name=name,
            phone=phone,
            address=address,
            due=reasons.get(int(stop.person_id), ""),
            number=str(stop.number),
        )
        for stop, name, phone, address in zip(stops.itertuples(), names, phones, addresses, strict=True)
    ]
    return round_sheet(head, rows, tr)


def _reasons(view: View) -> dict[int, str]:
    """Person → which visit is due, and for how long."""
    tr = view.tr
    due = scope.rows(view, cache.tasks.due(view.revision, view.today))
    own = due[due["kind"].isin(VISIT_KINDS)]
    return {
        int(row.person_id): tr("{kind}, {n} days overdue", kind=tr(KIND_NAMES[row.kind]), n=tr.number(row.days))
        for row in own.itertuples()
    }


def _workbook(view: View, stops: pd.DataFrame) -> pd.DataFrame:
    """The round under the headers of its sheet, to fill in: one row a household, its number and no name in full."""
    names = cache.overview.facts(view.revision).people.set_index("id")["name"]
    filled = {
        "顺序": list(stops["position"]),
        "走访编号": [shown(number) for number in stops["number"]],
        "姓名(打码)": [mask_name(names[person]) for person in stops["person_id"]],
        "预计到达": list(stops["arrives_at"].fillna("")),
    }
    columns = {
        column.header: filled.get(column.header, [None] * len(stops)) for column in SHEETS["round_visits"].columns
    }
    return pd.DataFrame(columns, dtype=object)
