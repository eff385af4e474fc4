"""The conditions of a policy as dated versions: what holds, what another version would change, and the form that stores it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from core.locale import N_, Translator
from core.policies.commands import save_rule
from core.policies.condition_table import ConditionLine, condition_of, lines_of, read_value, value_text
from core.policies.conditions import AllOf, Condition, Truth
from core.policies.eligibility import Judgement, changes, judge_rule
from core.policies.rules import INVALID, DatedRule, InvalidRule, Rule
from core.policies.vocabulary import FACTS, code_label
from core.policies.wording import TRUTHS
from core.policy import Action
from core.store.settings import PARAMETER_NAMES
from core.terms import AmountKind, Comparison, PolicyAudience, PolicyFact, YesNo
from pages import cache
from pages.common import drilldown
from pages.common.columns import on_screen
from pages.common.escape import md_escape
from pages.common.query_params import url_choice
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View
from pages.policies.applications import policy_names

__all__ = ["finding", "show"]

NEW = "new"
FIRST = (N_("Valid from"), N_("Remark"))  # on a phone


def finding(view: View) -> tuple[str, str]:
    """How many policies are in force, and how many nobody has compared with the regulation yet."""
    tr = view.tr
    own = cache.policies.judgements(view.revision, view.today)
    return (
        tr.plural(
            "{n} policy is in force; {to_check} to be compared with its regulation",
            "{n} policies are in force; {to_check} to be compared with their regulations",
            len(own),
            to_check=tr.number(sum(each.rule.to_check for each in own)),
        ),
        tr("Conditions count from their date on. As of {day}.", day=tr.day(view.today)),
    )


def show(view: View) -> None:
    """The versions of one policy, the editor, and whom the edited version would change."""
    tr = view.tr
    versions = cache.policies.versions(view.revision)
    names = policy_names(view) | ({NEW: tr("A further policy")} if view.may(Action.SAVE_POLICY) else {})
    if not names:
        st.write(tr("No policy is on file."))
        return
    code = url_choice(
        st.selectbox,
        tr("Policy"),
        "policy",
        list(names),
        next(iter(names)),
        key=Key.POLICIES_POLICY.of("rules"),
        format_func=names.__getitem__,
    )
    own = versions[versions["code"] == code]
    if own.empty:
        current = _blank(f"local_{len(names)}")
    else:
        _versions(view, own)
        current = Rule.from_json(str(code), own["content"].iloc[-1])
    if not view.may(Action.SAVE_POLICY):
        _read_only(view, current)
        return
    try:
        edited = _editor(view, current)
        edited.check()
    except InvalidRule as invalid:
        st.error(md_escape(_message(tr, invalid)))
        return
    if edited == current:
        st.caption(tr("Change something to see who may claim then."))
        return
    since = _since(view, current)
    before = None if own.empty else DatedRule(current, own["since"].iloc[-1].date())
    _preview(view, before, DatedRule(edited, since), since)
    _save(view, edited, since)


def _blank(code: str) -> Rule:
    wanted = Condition(PolicyFact.HARDSHIP, Comparison.ONE_OF, codes=FACTS[PolicyFact.HARDSHIP].codes)
    return Rule(
        code=code,
        name_zh="",
        name_en="",
        audience=PolicyAudience.PERSON,
        condition=AllOf((wanted, Condition(PolicyFact.ON_POST, Comparison.ONE_OF, codes=(YesNo.NO.value,)))),
        source="",
    )


def _versions(view: View, own: pd.DataFrame) -> None:
    tr = view.tr
    rows = pd.DataFrame(
        {
            tr("Valid from"): own["since"].dt.strftime("%Y-%m-%d"),
            tr("Reason"): own["reason"],
            tr("Entered by"): own["author"],
            tr("Remark"): [tr("example, to be checked") if content["to_check"] else "" for content in own["content"]],
        }
    )
    show_table(view, rows, tr("Versions of the policy"), first=FIRST)


def _read_only(view: View, rule: Rule) -> None:
    tr = view.tr
    table = _table(tr, rule)
    show_table(view, table, tr("Conditions"), first=list(table.columns))
    st.caption(md_escape(rule.source))


def _table(tr: Translator, rule: Rule) -> pd.DataFrame:
    """The conditions, a line each."""
    lines = lines_of(rule.condition)
    return pd.DataFrame(
        {
            tr("Block"): [line.block for line in lines],
            tr("Alternative"): [line.alternative for line in lines],
            tr("What is asked"): [tr.term(line.condition.fact) for line in lines],
            tr("How it is compared"): [tr.term(line.condition.comparison) for line in lines],
            tr("Compared with"): [value_text(tr, line.condition) for line in lines],
        }
    )


def _editor(view: View, rule: Rule) -> Rule:
    """The policy as the fields say; InvalidRule where a line of the table can't be read."""
    tr, key = view.tr, Key.POLICY_RULES
    left, right = st.columns(2)
    name_zh = left.text_input(tr("Name in Chinese"), rule.name_zh, **at_most(tr, 60), key=key.of("zh", rule.code))
    name_en = right.text_input(tr("Name in English"), rule.name_en, **at_most(tr, 80), key=key.of("en", rule.code))
    audience = rule.audience
    if not rule.name_zh:
        audience = st.segmented_control(
            tr("For"),
            list(PolicyAudience),
            default=audience,
            format_func=tr.term,
            required=True,
            key=key.of("for", rule.code),
        )
    condition = _conditions(view, rule)
    first, second, third = st.columns(3)
    kind = first.selectbox(
        tr("Pays"),
        list(AmountKind),
        list(AmountKind).index(rule.amount_kind),
        format_func=tr.term,
        key=key.of("kind", rule.code),
    )
    pays = kind is not AmountKind.NONE
    ceiling = second.number_input(
        tr("At most, yuan; empty = not entered"),
        0.0,
        value=rule.ceiling,
        step=10.0,
        format="%g",
        disabled=not pays,
        key=key.of("ceiling", rule.code),
    )
    months = third.number_input(
        tr("Months at most; empty = not entered"),
        1,
        240,
        rule.months,
        disabled=kind is not AmountKind.MONTHLY,
        key=key.of("months", rule.code),
    )
    papers = st.text_area(tr("Papers, a line each"), "\n".join(rule.evidence), key=key.of("papers", rule.code))
    source = st.text_input(
        tr("Regulation that it rests on"), rule.source, **at_most(tr, 200), key=key.of("source", rule.code)
    )
    left, right = st.columns(2, vertical_alignment="bottom")
    until = left.date_input(tr("Last day; empty = none"), rule.until, key=key.of("until", rule.code))
    checked = right.toggle(tr("Compared with the regulation"), not rule.to_check, key=key.of("checked", rule.code))
    return replace(
        rule,
        name_zh=name_zh.strip(),
        name_en=name_en.strip(),
        audience=audience or rule.audience,
        condition=condition,
        source=source.strip(),
        evidence=tuple(line.strip() for line in papers.splitlines() if line.strip()),
        amount_kind=kind,
        ceiling=ceiling if pays else None,
        ceiling_parameter=rule.ceiling_parameter if pays else None,
        months=None if months is None or kind is not AmountKind.MONTHLY else int(months),
        until=until if isinstance(until, date) else None,
        to_check=not checked,
    )


def _conditions(view: View, rule: Rule) -> Any:
    """The table of conditions, editable; its rows as a condition."""
    tr = view.tr
    facts = {tr.term(fact): fact for fact in PolicyFact if FACTS[fact].audience is rule.audience}
    how = {tr.term(comparison): comparison for comparison in Comparison}
    table = _table(tr, rule)
    block, alternative, fact, comparison, value = table.columns
    edited = st.data_editor(
        table,
        num_rows="dynamic",
        hide_index=True,
        placeholder="",
        key=Key.POLICY_RULES.of("conditions", rule.code),
        **on_screen(
            view,
            table,
            {
                block: st.column_config.NumberColumn(min_value=1, step=1, required=True, width="small"),
                alternative: st.column_config.NumberColumn(
                    min_value=1, step=1, required=True, default=1, width="small"
                ),
                fact: st.column_config.SelectboxColumn(options=list(facts), required=True),
                comparison: st.column_config.SelectboxColumn(options=list(how), required=True),
                value: st.column_config.TextColumn(required=True, width="large"),
            },
            first=list(table.columns),
        ),
    )
    st.caption(
        tr(
            "Every block must hold; a block holds if one of its alternatives does; an alternative if all its lines do. "
            "Compare with a number, with labels between commas, or with a dated parameter after “=”: {example}.",
            example="=" + tr(PARAMETER_NAMES["welfare_post_years"]),
        )
    )
    return condition_of(
        [
            ConditionLine(int(row[0]), int(row[1]), read_value(tr, facts[row[2]], how[row[3]], str(row[4])))
            for row in edited.dropna().itertuples(index=False)
        ]
    )


def _message(tr: Translator, invalid: InvalidRule) -> str:
    values = dict(invalid.values)
    fact = values.get("fact")
    if isinstance(fact, PolicyFact):
        if "allowed" in values:
            values["allowed"] = tr.join(code_label(tr, fact, code) for code in FACTS[fact].codes)
        values["fact"] = tr.term(fact)
    return tr(INVALID[invalid.code], **values)


def _since(view: View, rule: Rule) -> date:
    picked = st.date_input(
        view.tr("Valid from"), view.today, min_value=view.today, key=Key.POLICY_RULES.of("since", rule.code)
    )
    return picked if isinstance(picked, date) else view.today


def _preview(view: View, before: DatedRule | None, after: DatedRule, day: date) -> None:
    """Who may claim by the edited version and not by the one before, and the other way round, on its first day."""
    tr = view.tr
    records, parameters = cache.policies.records(view.revision), cache.store.parameters(view.revision)
    then = judge_rule(records, after, parameters, day)
    now = (
        None
        if before is None or before.rule.audience is not after.rule.audience
        else judge_rule(records, before, parameters, day)
    )
    changed = changes(now, then)
    gained, lost = int((changed["after"] == Truth.YES).sum()), int((changed["before"] == Truth.YES).sum())
    unknown = int((changed["after"] == Truth.UNKNOWN).sum())
    st.markdown(
        tr(
            "From {day} on: **{gained} more may claim, {lost} may not any more**; {unknown} become unknown. Months before keep their version.",
            day=tr.day(day),
            gained=tr.number(gained),
            lost=tr.number(lost),
            unknown=tr.number(unknown),
        )
    )
    if not changed.empty and view.may(Action.READ_PERSON):
        drilldown.table(view, _changed(view, then, changed), tr("Who changes"), height=240)


def _changed(view: View, then: Judgement, changed: pd.DataFrame) -> pd.DataFrame:
    tr = view.tr
    rows = changed.rename(columns={"id": then.subject})
    if then.rule.audience is PolicyAudience.EMPLOYER:
        names = cache.policies.records(view.revision).employers.set_index("id")["name"]
        rows["employer"] = rows["employer_id"].map(names)
    rows["movement"] = [
        tr("{before} → {after}", before=tr(TRUTHS[Truth(a)]), after=tr(TRUTHS[Truth(b)]))
        for a, b in zip(rows["before"], rows["after"], strict=True)
    ]
    return rows.drop(columns=["before", "after"])


def _save(view: View, rule: Rule, since: date) -> None:
    tr = view.tr
    with st.form(Key.POLICY_RULES.of("save", rule.code)):
        reason = st.text_input(tr("Reason"), **at_most(tr, 200))
        if not st.form_submit_button(tr("Store the version"), type="primary"):
            return
    save(view, Action.SAVE_POLICY, lambda change: save_rule(change, rule, since, reason, view.today))
