"""The form of an opening: every change is checked against the law at once, before anything is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.jobs.openings.checks import check_opening
from core.jobs.openings.commands import Need, Source, edit_opening, open_opening
from core.locale import N_
from core.policy import Action
from core.terms import JobForm, OpeningSource, PayKind, PostField, Shift
from pages import cache
from pages.common.escape import md_escape
from pages.common.heading import heading
from pages.common.query_params import set_query_param
from pages.common.saving import announce, attempt
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["edit_opening_form", "new_opening"]

YES_NO = (True, False)
LABELS = {
    "seated": N_("Can be done seated"),
    "home_work": N_("Can be done at home"),
    "lifting": N_("Needs lifting"),
    "step_free": N_("Step-free"),
    "nights": N_("Night work"),
    "trains": N_("The employer trains"),
    "over_age_ok": N_("Open to people over retirement age"),
}


def new_opening(view: View) -> None:
    """A page of its own: the employer and the source, then the opening."""
    tr = view.tr
    if st.button(tr("Back to all openings"), icon=":material/arrow_back:", type="tertiary"):
        set_query_param("opening", "")
        st.rerun()
    heading(tr("New opening"), tr("The wording is checked as you type; what the law forbids can't be saved."))

    @st.fragment
    def form() -> None:
        employer, source = _origin(view)
        values, needs, place = _fields(view, {}, None, "new")
        with place:
            is_lawful = _remarks(view, {**values, "employer_id": employer if isinstance(employer, int) else None})
            is_complete = employer is not None and (
                source.kind is not OpeningSource.PLATFORM or source.platform is not None
            )
            if not is_complete:
                st.caption(tr("Choose or type the employer; for an opening of a platform also the platform."))
        if st.button(
            tr("Save the opening"),
            type="primary",
            disabled=not is_lawful or not is_complete,
            key=Key.OPENINGS_FORM.of("save"),
        ):
            assert employer is not None
            opened = attempt(
                view,
                Action.SAVE_OPENING,
                lambda c: open_opening(c, values, employer=employer, source=source, today=view.today, needs=needs),
            )
            if opened is not None:
                set_query_param("opening", opened.result)
                announce(tr("Opening saved."))

    form()


def edit_opening_form(view: View, row: pd.Series) -> None:
    """The fields of a stored opening; Conflict where somebody was quicker."""
    tr, number = view.tr, int(row["id"])
    skills = cache.openings.job_skills(view.revision)
    stored = {name: None if pd.isna(value) else value for name, value in row.to_dict().items()}

    @st.fragment
    def form() -> None:
        values, needs, place = _fields(view, stored, skills[skills["job_id"] == number], str(number))
        with place:
            is_lawful = _remarks(view, {**stored, **values})
        with st.container(horizontal=True):
            if st.button(tr("Save"), type="primary", disabled=not is_lawful, key=Key.OPENINGS_FORM.of("save", number)):
                version = int(row["version"])
                saved = attempt(
                    view,
                    Action.SAVE_OPENING,
                    lambda c: edit_opening(c, number, values, version=version, today=view.today, needs=needs),
                )
                if saved is not None:
                    st.session_state.pop(Key.OPENINGS_EDIT, None)
                    announce(tr("Opening saved."))
            if st.button(tr("Cancel"), key=Key.OPENINGS_FORM.of("cancel", number)):
                st.session_state.pop(Key.OPENINGS_EDIT, None)
                st.rerun()

    form()


def _origin(view: View) -> tuple[int | str | None, Source]:
    """The employer, on record or by its name, and where the opening was heard of."""
    tr = view.tr
    employers = cache.overview.facts(view.revision).employers
    by_name = {str(name): int(key) for key, name in employers[["id", "name"]].itertuples(index=False)}
    left, right = st.columns(2)
    name = left.selectbox(
        tr("Employer"),
        list(by_name),
        index=None,
        format_func=tr.name,
        accept_new_options=True,
        placeholder=tr("Choose, or type a new one"),
        key=Key.OPENINGS_FORM.of("employer"),
    )
    kind = right.selectbox(
        tr("Came from"), list(OpeningSource), format_func=tr.term, key=Key.OPENINGS_FORM.of("source")
    )
    if kind is not OpeningSource.PLATFORM:
        return by_name.get(str(name), name), Source(kind)
    platform = left.selectbox(
        tr("Platform"),
        cache.openings.platforms(view.revision),
        index=None,
        accept_new_options=True,
        placeholder=tr("Choose, or type a new one"),
        key=Key.OPENINGS_FORM.of("platform"),
    )
    number = right.text_input(tr("Number on the platform"), **at_most(tr, 60), key=Key.OPENINGS_FORM.of("number"))
    return by_name.get(str(name), name), Source(kind, platform, number.strip() or None)


def _fields(
    view: View, stored: Mapping[str, Any], skills: pd.DataFrame | None, scope: str
) -> tuple[dict[str, Any], list[Need], DeltaGenerator]:
    """The widgets of an opening, filled with what is stored: fields of ``core.jobs.openings.commands.EDITABLE``, skills,
    and the place below the text where remarks belong."""
    tr = view.tr

    def key(name: str) -> str:
        return Key.OPENINGS_FORM.of(name, scope)

    def choice(column: Any, text: str, name: str, options: list[Any], **appearance: Any) -> Any:
        known = stored.get(name)
        index = options.index(known) if known in options else None
        return column.selectbox(text, options, index=index, key=key(name), placeholder="", **appearance)

    def amount(column: Any, text: str, name: str, high: float) -> float | None:
        known = stored.get(name)
        value = column.number_input(text, 0.0, high, None if known is None else float(known), key=key(name))
        return None if value is None else float(value)

    values: dict[str, Any] = {}
    left, right, seats = st.columns([3, 2, 1])
    values["title"] = left.text_input(tr("Title"), str(stored.get("title") or ""), **at_most(tr, 60), key=key("title"))
    places = cache.overview.facts(view.revision).communities
    names = {int(k): str(n) for k, n in places[["id", "name"]].itertuples(index=False)}
    values["community_id"] = choice(
        right, tr("Community"), "community_id", list(names), format_func=lambda number: tr.name(names[number])
    )
    values["openings"] = int(
        seats.number_input(tr("Seats in all"), 1, 10_000, int(stored.get("openings") or 1), step=1, key=key("openings"))
    )
    values["duties"] = (
        st.text_area(
            tr("Duties and demands"), str(stored.get("duties") or ""), **at_most(tr, 2000), key=key("duties")
        ).strip()
        or None
    )
    remarks_place = st.container()
    first, second, third, fourth = st.columns(4)  # a row of its own: on a phone columns are read one after the other
    values["form"] = choice(first, tr("Form of work"), "form", list(JobForm), format_func=tr.term)
    values["shift"] = choice(second, tr("Shift"), "shift", list(Shift), format_func=tr.term)
    values["weekly_hours"] = amount(third, tr("Hours a week"), "weekly_hours", 100.0)
    values["field"] = choice(fourth, tr("Field"), "field", list(PostField), format_func=tr.term)
    first, second, third, fourth = st.columns(4)
    values["pay_kind"] = choice(first, tr("Paid by"), "pay_kind", list(PayKind), format_func=tr.term)
    values["pay_min"] = amount(second, tr("From, yuan a month"), "pay_min", 1_000_000.0)
    values["pay_max"] = amount(third, tr("To, yuan a month"), "pay_max", 1_000_000.0)
    values["rate"] = amount(fourth, tr("Yuan an hour or a piece"), "rate", 1_000_000.0)
    needs = _needs(view, skills, scope)
    with st.expander(tr("Conditions at work, closing date")):
        columns = st.columns(4)
        for place, name in enumerate(LABELS):
            known = stored.get(name)
            values[name] = columns[place % 4].selectbox(
                tr(LABELS[name]),
                list(YES_NO),
                index=None if known is None else YES_NO.index(bool(known)),
                format_func=lambda yes: tr("yes") if yes else tr("no"),
                placeholder=tr("not known"),
                key=key(name),
            )
        closes = stored.get("closes_on")
        values["closes_on"] = columns[3].date_input(
            tr("Closing date"), None if closes is None else pd.Timestamp(closes).date(), key=key("closes_on")
        )
    return values, needs, remarks_place


def _needs(view: View, skills: pd.DataFrame | None, scope: str) -> list[Need]:
    """Essential and welcome skills, and certificates that the law requires."""
    tr = view.tr
    words = cache.data.vocabulary(view.revision).kinds["skill"].labels
    known = pd.DataFrame({"skill": [], "essential": [], "certificate": []}) if skills is None else skills
    is_essential, is_certificate = known["essential"].astype(bool), known["certificate"].astype(bool)

    def several(column: Any, text: str, name: str, chosen: pd.Series, **appearance: Any) -> list[str]:
        picked: list[str] = column.multiselect(
            text,
            list(words),
            list(known.loc[chosen, "skill"]),
            format_func=words.__getitem__,
            placeholder="",
            key=Key.OPENINGS_FORM.of(name, scope),
            **appearance,
        )
        return picked

    left, middle, right = st.columns(3)
    essential = several(left, tr("Essential skills"), "essential", is_essential & ~is_certificate)
    welcome = several(middle, tr("Welcome skills"), "welcome", ~is_essential & ~is_certificate)
    certificates = several(
        right, tr("Certificates"), "certificates", is_certificate, help=tr("Only what the law requires.")
    )
    chosen = dict.fromkeys([*certificates, *essential, *welcome])
    return [
        Need(skill, essential=skill in essential or skill in certificates, certificate=skill in certificates)
        for skill in chosen
    ]


def _remarks(view: View, values: Mapping[str, Any]) -> bool:
    """Show what stands against the opening; False where it can't be saved like this."""
    tr = view.tr
    times, dated = cache.openings.piece_times(view.revision), cache.store.parameters(view.revision)
    posted = values.get("posted_on")
    full = {**values, "posted_on": view.today if posted is None else pd.Timestamp(posted).date()}
    remarks = check_opening(full, times, dated, view.today)
    if not any(remark.blocks for remark in remarks):
        st.caption(tr("Nothing in it is forbidden by law."))
    for remark in remarks:
        if remark.code == "missing" or (remark.pay is not None and not remark.blocks):  # not filled in yet
            st.caption(md_escape(remark.sentence(tr)))
            continue
        show = st.error if remark.blocks else st.warning
        show(md_escape(remark.sentence(tr)), icon=":material/gavel:")
    return not any(remark.blocks for remark in remarks)
