"""What a policy pays for a month: the list as it would be, or as it was frozen, and the sums of former months."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import streamlit as st

from core.locale import N_
from core.policies.commands import freeze_month
from core.policies.conditions import Step, Truth
from core.policies.payments import lines_of, month_of
from core.policies.rules import rule_on
from core.policy import Action
from core.terms import AmountKind
from pages import cache
from pages.common import drilldown
from pages.common.escape import md_escape
from pages.common.policy_trace import show_trace
from pages.common.query_params import url_choice
from pages.common.saving import announce, checked
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View
from pages.policies.applications import policy_names

__all__ = ["finding", "show"]

MONTHS = 12
RESULTS = {True: N_("to be paid"), False: N_("held back")}


def finding(view: View) -> tuple[str, str]:
    """What the policies in force pay this month."""
    tr = view.tr
    month = month_of(view.today)
    own = [_rows(view, code, month)[0] for code in _paying(view)]
    lines = pd.concat(own) if own else pd.DataFrame({"is_paid": [], "amount": []})
    return (
        tr.plural(
            "{month}: {n} payment, {sum} yuan; {held} held back",
            "{month}: {n} payments, {sum} yuan; {held} held back",
            int(lines["is_paid"].sum()),
            month=tr.month(month),
            sum=tr.number(float(lines["amount"].sum())),
            held=tr.number(int((~lines["is_paid"].astype(bool)).sum())),
        ),
        tr("All policies that pay by the month. As of {day}.", day=tr.day(view.today)),
    )


def _paying(view: View) -> dict[str, str]:
    """The policies in force that pay money, code → name."""
    versions = cache.policies.versions(view.revision)
    return {
        code: name
        for code, name in policy_names(view).items()
        if (own := rule_on(versions, code, view.today)) and own.rule.amount_kind is not AmountKind.NONE
    }


def show(view: View) -> None:
    """Policy and month, the list, and the sums."""
    tr = view.tr
    paying = _paying(view)
    if not paying:
        st.write(tr("No policy that is in force pays money."))
        return
    months = [month_of(view.today)]
    while len(months) < MONTHS:
        months.append(month_of(date.fromordinal(months[-1].toordinal() - 1)))
    left, right = st.columns([3, 1])
    with left:
        policy = url_choice(
            st.selectbox,
            tr("Policy"),
            "policy",
            list(paying),
            next(iter(paying)),
            key=Key.POLICIES_POLICY.of("payments"),
            format_func=paying.__getitem__,
        )
    with right:
        by_name = {f"{month:%Y-%m}": month for month in months}
        month_name = url_choice(
            st.selectbox,
            tr("Month"),
            "month",
            list(by_name),
            next(iter(by_name)),
            key=Key.POLICIES_MONTH,
            format_func=lambda name: tr.month(by_name[name]),
        )
    policy, month = policy or next(iter(paying)), by_name[month_name or next(iter(by_name))]
    rows, frozen = _rows(view, policy, month)
    _sentence(view, rows, frozen, month)
    if not rows.empty and view.may(Action.READ_PERSON):
        _list(view, rows, f"{paying[policy]}_{month:%Y-%m}")
    if frozen is None and not rows.empty and view.may(Action.FREEZE_PAYMENTS):
        _freeze(view, policy, month)
    _sums(view, policy_names(view))


def _rows(view: View, policy: str, month: date) -> tuple[pd.DataFrame, pd.Series | None]:
    """The lines of a list, and the frozen list that they are from; None for one that is not frozen."""
    lists = cache.policies.payment_lists(view.revision)
    frozen = lists[(lists["policy"] == policy) & (lists["month"] == pd.Timestamp(month))]
    if not frozen.empty:
        lines = cache.policies.payment_lines(view.revision)
        return lines[lines["list_id"] == frozen["id"].iloc[0]].reset_index(drop=True), frozen.iloc[0]
    dated = rule_on(cache.policies.versions(view.revision), policy, month)
    applications = cache.policies.applications(view.revision)
    employers = applications.set_index("id")["employer"]
    lines = (
        []
        if dated is None
        else lines_of(
            cache.policies.records(view.revision), dated, cache.store.parameters(view.revision), applications, month
        )
    )
    return pd.DataFrame(
        [
            {
                "application_id": line.application_id,
                "person_id": line.person_id,
                "employer": employers.get(line.application_id),
                "amount": line.amount,
                "is_paid": line.is_paid,
                "trace": line.trace.to_json(),
            }
            for line in lines
        ],
        columns=["application_id", "person_id", "employer", "amount", "is_paid", "trace"],
    ).astype({"person_id": "Int64"}), None


def _sentence(view: View, rows: pd.DataFrame, frozen: pd.Series | None, month: date) -> None:
    tr = view.tr
    paid = int(rows["is_paid"].sum())
    held = len(rows) - paid
    text = tr(
        "**{n} paid, {sum} yuan**; {held} held back, because a condition is not met or unknown on {day}.",
        n=tr.number(paid),
        sum=tr.number(rows["amount"].sum()),
        held=tr.number(held),
        day=tr.day(month),
    )
    st.markdown(tr("Nobody is on this list.") if rows.empty else text)
    if frozen is not None:
        st.caption(
            tr(
                "Frozen on {day} by {name}, by the version of {since}. Later changes do not alter this list.",
                day=tr.day(frozen["frozen_on"]),
                name=md_escape(frozen["frozen_by"]),
                since=tr.day(frozen["rule_since"]),
            )
        )
    elif not rows.empty:
        st.caption(tr("Not frozen: this is how the list would be now."))


def _list(view: View, rows: pd.DataFrame, name: str) -> None:
    tr = view.tr
    shown = rows.assign(payment=[tr(RESULTS[bool(is_paid)]) for is_paid in rows["is_paid"]])
    shown = shown.sort_values(["is_paid", "application_id"], ignore_index=True)
    columns = ["person_id", "employer", "payment", "amount", "trace", "application_id"]
    if shown["employer"].isna().all():
        columns.remove("employer")
    picked = drilldown.table(view, shown[columns], name, select=True)
    if picked is not None:
        step = Step.from_json(picked["trace"].iloc[0])
        with st.container(border=True):
            if step.truth is not Truth.YES:
                st.markdown(f"**{tr('Held back: ask for what is unknown, or end the application.')}**")
            show_trace(view, step)


def _freeze(view: View, policy: str, month: date) -> None:
    tr = view.tr
    if st.button(
        tr("Freeze the list of {month}", month=tr.month(month)),
        type="primary",
        icon=":material/lock:",
        key=Key.POLICIES_FREEZE,
    ):
        frozen = checked(
            view,
            lambda: freeze_month(
                cache.store.database(), policy, month, today=view.today, actor=view.access, at=datetime.now(UTC)
            ),
        )
        if frozen is not None:
            announce(tr.plural("{n} line frozen.", "{n} lines frozen.", frozen.result))


def _sums(view: View, names: dict[str, str]) -> None:
    """What frozen lists paid, by policy and month."""
    tr = view.tr
    lines = cache.policies.payment_lines(view.revision)
    if lines.empty:
        return
    sums = (
        lines.groupby(["month", "policy"])
        .agg(paid=("is_paid", "sum"), held=("is_paid", lambda paid: int((~paid).sum())), amount=("amount", "sum"))
        .reset_index()
        .sort_values(["month", "policy"], ascending=[False, True])
    )
    st.markdown(f"**{tr('Frozen lists')}**")
    show_table(
        view,
        pd.DataFrame(
            {
                tr("Month"): [tr.month(month) for month in sums["month"]],
                tr("Policy"): sums["policy"].map(names).fillna(sums["policy"]),
                tr("Paid"): sums["paid"].astype(int),
                tr("Held back"): sums["held"].astype(int),
                tr("Yuan"): sums["amount"],
            }
        ),
        tr("Frozen lists"),
        config={tr("Yuan"): st.column_config.NumberColumn(format="localized")},
    )
