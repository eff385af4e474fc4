"""The sheet of a session: attendance, results and certificates of its people, saved at once."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.people.masking import mask_name
from core.policy import Action
from core.terms import EnrolmentResult, Evidence
from core.training.commands import SheetRow, record_results
from pages.common import dialogs, scope
from pages.common.columns import on_screen
from pages.common.saving import announce, attempt
from pages.common.session_keys import Key
from pages.common.view import View
from pages.training.forms import CERTIFICATES

__all__ = ["is_open", "sheet", "sheet_button"]


def sheet_button(view: View, row: pd.Series, roster: pd.DataFrame, *, is_main: bool) -> None:
    """A button that opens the sheet with the people of the scope of who looks."""
    tr = view.tr
    own = scope.rows(view, roster)
    st.button(
        tr("Record attendance and results"),
        icon=":material/fact_check:",
        type="primary" if is_main else "secondary",
        disabled=own.empty,
        key=Key.TRAINING_FORM.of("sheet"),
        on_click=_open,
        args=(int(row["id"]), own.reset_index(drop=True)),
    )


def _open(session: int, roster: pd.DataFrame) -> None:
    st.session_state[Key.TRAINING_ROSTER] = (session, roster)
    st.session_state.pop(Key.TRAINING_FILL, None)


def _close() -> None:
    st.session_state.pop(Key.TRAINING_ROSTER, None)


def is_open(session: int) -> bool:
    """Whether the sheet of the session is open."""
    return bool(st.session_state.get(Key.TRAINING_ROSTER, (None,))[0] == session)


def sheet(view: View, row: pd.Series) -> None:
    """The editor over the list as it was when the sheet was opened; the page does not change under it meanwhile."""
    tr, (_, stored) = view.tr, st.session_state[Key.TRAINING_ROSTER]
    dialogs.hold()
    is_over = row["ends_on"] <= pd.Timestamp(view.today)
    left, right = st.columns(2, vertical_alignment="bottom")
    fills = left.toggle(
        tr("All without a result attended every hour and passed"), key=Key.TRAINING_FILL, disabled=not is_over
    )
    certificate = right.selectbox(
        tr("Their certificate"),
        CERTIFICATES,
        index=None,
        format_func=tr.term,
        key=Key.TRAINING_FILL.of("certificate"),
        disabled=not fills,
    )
    results, certificates = ({tr.term(term): term for term in terms} for terms in (EnrolmentResult, Evidence))
    shown = _readable(view, filled(stored, row["hours"], certificate) if fills else stored)
    edited = st.data_editor(
        shown,
        hide_index=True,
        placeholder="",
        disabled=[tr("Person")],
        num_rows="fixed",
        key=Key.TRAINING_SHEET.of(row["id"], fills, certificate),
        **on_screen(
            view,
            shown,
            {
                tr("Course hours attended"): st.column_config.NumberColumn(
                    min_value=0.0, max_value=None if pd.isna(row["hours"]) else float(row["hours"]), step=0.5
                ),
                tr("Result"): st.column_config.SelectboxColumn(options=list(results), required=True),
                tr("Certificate"): st.column_config.SelectboxColumn(options=[tr.term(term) for term in CERTIFICATES]),
                tr("Certificate number"): st.column_config.TextColumn(max_chars=40),
            },
            first=list(shown.columns),
        ),
    )
    st.caption(
        tr(
            "Who passed can do what the course teaches, by the certificate or, without one, by the practical test. What is on "
            "record of a skill rises and never falls."
        )
    )
    with st.container(horizontal=True):
        is_saved = st.button(tr("Save the sheet"), type="primary", key=Key.TRAINING_FORM.of("save_sheet"))
        st.button(tr("Close without saving"), on_click=_close, key=Key.TRAINING_FORM.of("close_sheet"))
    if not is_saved:
        return
    rows = [
        SheetRow(
            enrolment_id=int(before.enrolment_id),
            version=int(before.version),
            result=results[after[1]],
            attended_hours=None if pd.isna(after[2]) else float(after[2]),
            certificate=None if pd.isna(after[3]) else certificates[after[3]],
            certificate_number=None if pd.isna(after[4]) else str(after[4]).strip() or None,
        )
        for before, was, after in zip(
            stored.itertuples(),
            _readable(view, stored).itertuples(index=False),
            edited.itertuples(index=False),
            strict=True,
        )
        if not pd.Series(was).equals(pd.Series(after))
    ]
    saved = attempt(
        view,
        Action.RECORD_SESSION,
        lambda change: record_results(change, int(row["id"]), rows, today=view.today),
    )
    if saved is None:
        return
    _close()
    announce(tr.plural("Sheet saved; {n} skill confirmed.", "Sheet saved; {n} skills confirmed.", saved.result))


def filled(roster: pd.DataFrame, hours: object, certificate: Evidence | None) -> pd.DataFrame:
    """``roster`` where everybody without a result attended all ``hours`` and passed with ``certificate``."""
    waits = roster["result"] == EnrolmentResult.ENROLLED
    attended = roster["attended_hours"] if pd.isna(hours) else roster["attended_hours"].mask(waits, float(str(hours)))
    return roster.assign(
        result=roster["result"].mask(waits, EnrolmentResult.PASSED.value),
        attended_hours=attended,
        certificate=roster["certificate"].mask(waits, None if certificate is None else certificate.value),
    )


def _readable(view: View, roster: pd.DataFrame) -> pd.DataFrame:
    tr = view.tr
    return pd.DataFrame(
        {
            tr("Person"): roster["person"].map(mask_name),
            tr("Result"): [tr.term(EnrolmentResult.of(code)) for code in roster["result"]],
            tr("Course hours attended"): roster["attended_hours"],
            tr("Certificate"): [
                None if pd.isna(code) else tr.term(Evidence.of(code)) for code in roster["certificate"]
            ],
            tr("Certificate number"): roster["certificate_number"]
            .astype(object)
            .where(roster["certificate_number"].notna(), None),
        }
    )
