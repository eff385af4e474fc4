"""The register of micro-businesses: which are open, how many last, what they were helped with, and the forms."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.businesses.commands import add_support, close_business, open_business
from core.businesses.premises import FREE, uses
from core.businesses.survival import survival, unmatched
from core.locale import N_
from core.people.masking import mask_name
from core.policy import Action
from core.terms import BusinessKind, BusinessSupportKind, ExitReason
from pages import cache
from pages.common import drilldown, scope
from pages.common.columns import names_by_id
from pages.common.escape import md_escape
from pages.common.links import page_link
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["finding", "show"]

COLUMNS = ["name", "kind", "person_id", "place", "opened_on", "closed_on", "help", "id"]
MONTHS = {182: N_("six months"), 365: N_("twelve months")}
MISSING = {
    "business": N_("self-employed, business not in the register"),
    "placement": N_("owns a business, no placement as self-employed"),
}


def finding(view: View) -> tuple[str, str]:
    """How many are open, and the share that lasts, with n and interval."""
    tr = view.tr
    businesses = cache.businesses.businesses(view.revision)
    is_open = ~(businesses["closed_on"] <= pd.Timestamp(view.today))
    lasting = survival(businesses, view.today)
    parts = [
        tr(
            "open after {months}: {share} (95% interval {low}–{high}; {n} opened so long ago)",
            months=tr(MONTHS[int(row.days)]),
            share=tr.percent(row.share, 0),
            low=tr.percent(row.low, 0),
            high=tr.percent(row.high, 0),
            n=tr.number(row.observed),
        )
        for row in lasting.itertuples()
        if row.observed
    ]
    return (
        tr.plural(
            "{n} micro-business on record, {open} of them open",
            "{n} micro-businesses on record, {open} of them open",
            len(businesses),
            open=tr.number(int(is_open.sum())),
        ),
        " · ".join([*parts, tr("As of {day}.", day=tr.day(view.today))]),
    )


def show(view: View) -> None:
    """The register; a row opens what can be done with a business."""
    tr = view.tr
    businesses = cache.businesses.businesses(view.revision)
    if view.may(Action.RECORD_BUSINESS):
        _open_form(view)
    if businesses.empty:
        st.write(tr("No micro-business is entered yet."))
        return
    support = cache.businesses.support(view.revision)
    helped = support.groupby("business_id")["kind"].agg(
        lambda kinds: tr.join(tr.term(BusinessSupportKind.of(kind)) for kind in dict.fromkeys(kinds))
    )
    place = businesses["community"].map(tr.name) + (" · " + businesses["premises"]).fillna("")
    rows = businesses.assign(place=place, help=[helped.get(key, "") for key in businesses["id"]])
    rows = rows.sort_values("opened_on", ascending=False)[COLUMNS]
    picked = drilldown.table(view, rows, tr("Micro-businesses"), select=True, first=["name", "help"])
    if picked is None:
        st.caption(tr("Select a row to record help, or that a business has closed."))
    else:
        _one(view, businesses[businesses["id"] == picked["id"].iloc[0]].iloc[0], support)
    _check(view, businesses)


def _one(view: View, row: pd.Series, support: pd.DataFrame) -> None:
    tr = view.tr
    with st.container(border=True):
        st.markdown(f"**{md_escape(row['name'])}** · {tr.term(BusinessKind.of(row['kind']))}")
        own = support[support["business_id"] == row["id"]]
        for given in own.itertuples():
            money = tr("{n} yuan", n=tr.number(given.amount)) if pd.notna(given.amount) else ""
            line = [tr.day(given.given_on), tr.term(BusinessSupportKind.of(given.kind)), money]
            st.markdown("- " + " · ".join(filter(None, line)))
        with st.container(horizontal=True, vertical_alignment="center"):
            if pd.notna(row["person_id"]):
                page_link("people", tr("Open the person"), ":material/person:", {"person": str(int(row["person_id"]))})
            if view.may(Action.RECORD_BUSINESS):
                _support_form(view, row)
                if pd.isna(row["closed_on"]):
                    _close_form(view, row)


def _check(view: View, businesses: pd.DataFrame) -> None:
    """Where the register and the placements disagree."""
    tr = view.tr
    missing = unmatched(businesses, cache.overview.facts(view.revision).placements, view.today)
    if missing.empty:
        st.caption(tr("Every self-employed person is in the register, and every owner has a placement."))
        return
    st.markdown(f"**{tr('The register and the placements disagree')}**")
    rows = missing.assign(what=[tr(MISSING[what]) for what in missing["what"]])
    drilldown.table(view, rows, tr("Register and placements"))


def _open_form(view: View) -> None:
    tr = view.tr
    communities = names_by_id(cache.overview.facts(view.revision).communities)
    people = scope.pool(view)
    owners = {int(row.id): f"{mask_name(row.name)} · {tr('No. {n}', n=row.id)}" for row in people.itertuples()}
    rooms = cache.businesses.premises(view.revision)
    names = names_by_id(rooms[uses(rooms).isin(FREE)])
    with (
        st.popover(tr("Enter a micro-business"), icon=":material/add_business:"),
        st.form(Key.BUSINESSES_FORM.of("open"), border=False),
    ):
        name = st.text_input(tr("Name"), **at_most(tr, 60))
        kind = st.selectbox(tr("Kind"), list(BusinessKind), format_func=tr.term)
        owner = st.selectbox(
            tr("Owner"),
            list(owners),
            index=None,
            format_func=owners.__getitem__,
            placeholder=tr("not in the pool"),
        )
        community = st.selectbox(tr("Community"), list(communities), format_func=lambda key: tr.name(communities[key]))
        room = st.selectbox(
            tr("Premises in use"),
            list(names),
            index=None,
            format_func=lambda key: tr.name(names[key]),
            placeholder=tr("none"),
        )
        opened_on = st.date_input(tr("Opened for business on"), view.today, max_value=view.today)
        if st.form_submit_button(tr("Save"), type="primary"):
            save(
                view,
                Action.RECORD_BUSINESS,
                lambda change: open_business(
                    change,
                    name=name,
                    kind=kind,
                    community_id=int(community),
                    opened_on=opened_on,
                    today=view.today,
                    person_id=owner,
                    premises_id=None if room is None else int(room),
                ),
            )


def _support_form(view: View, row: pd.Series) -> None:
    tr, key = view.tr, int(row["id"])
    with (
        st.popover(tr("Record help"), icon=":material/volunteer_activism:"),
        st.form(Key.BUSINESSES_FORM.of("support", key), border=False),
    ):
        kind = st.selectbox(tr("Kind"), list(BusinessSupportKind), format_func=tr.term)
        given_on = st.date_input(tr("Day"), view.today, max_value=view.today)
        amount = st.number_input(tr("Yuan, empty = no money"), 0.0, value=None, step=100.0, format="%g")
        if st.form_submit_button(tr("Save"), type="primary"):
            save(
                view,
                Action.RECORD_BUSINESS,
                lambda change: add_support(change, key, kind=kind, given_on=given_on, amount=amount, today=view.today),
            )


def _close_form(view: View, row: pd.Series) -> None:
    tr, key = view.tr, int(row["id"])
    with (
        st.popover(tr("It has closed"), icon=":material/door_front:"),
        st.form(Key.BUSINESSES_FORM.of("close", key), border=False),
    ):
        closed_on = st.date_input(tr("Closed down on"), view.today, max_value=view.today)
        reason = st.selectbox(tr("Why it closed"), list(ExitReason), index=None, format_func=tr.term)
        st.caption(tr("An owner of the pool seeks work again from that day on."))
        if st.form_submit_button(tr("Save"), type="primary"):
            save(
                view,
                Action.RECORD_BUSINESS,
                lambda change: close_business(
                    change, key, closed_on=closed_on, reason=reason, version=int(row["version"]), today=view.today
                ),
            )
