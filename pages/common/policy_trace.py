"""How somebody came to the answer of a policy, condition by condition; shared by the pages of people and of enterprises."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.policies.commands import Subject, draft
from core.policies.conditions import Step, Truth
from core.policies.eligibility import Judgement
from core.policies.wording import MARKS, amount_text, question, step_lines
from core.store.settings import in_force
from pages import cache
from pages.common.escape import md_escape
from pages.common.saving import announce, checked
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["draft_button", "policy_box", "policy_terms", "show_trace", "to_check"]

INDENT = "&emsp;&emsp;"


def show_trace(view: View, step: Step) -> None:
    """A line a condition: met, not met or unknown, by which value."""
    lines = step_lines(view.tr, step)
    st.markdown("  \n".join(f"{INDENT * depth}**{MARKS[truth]}** {md_escape(text)}" for depth, truth, text in lines))


def to_check(view: View, judgement: Judgement) -> str:
    """The mark of a policy that the bureau has not compared with the regulation; empty for others."""
    return view.tr("example, to be checked") if judgement.rule.to_check else ""


def policy_terms(view: View, judgement: Judgement) -> str:
    """What a policy pays, by which regulation, since when; plain text."""
    tr, rule = view.tr, judgement.rule
    limits = in_force(cache.store.parameters(view.revision), view.today)
    parts = [
        amount_text(tr, rule, limits),
        tr("papers: {list}", list=tr.join(rule.evidence)) if rule.evidence else "",
        rule.source,
        tr("version of {day}", day=tr.day(judgement.since)),
        to_check(view, judgement),
    ]
    return " · ".join(filter(None, parts))


def policy_box(view: View, judgement: Judgement, subject: Subject, applied: str) -> None:
    """One policy for one subject: the answer, folded below it terms, trace and what to do next.

    ``applied``: how far the application has come, in words; empty where there is none.
    """
    tr, truth = view.tr, judgement.truth_of(subject.key)
    name = md_escape(judgement.rule.name(tr))
    with st.expander(" · ".join(filter(None, [f"{MARKS[truth]} {name}", md_escape(applied)]))):
        show_trace(view, judgement.trace(subject.key))
        for fact in judgement.questions(subject.key):
            st.markdown(f"**{tr('To ask')}** {md_escape(question(tr, fact))}")
        st.caption(md_escape(policy_terms(view, judgement)))
        if not applied and truth is not Truth.NO:
            draft_button(view, judgement, subject)


def draft_button(view: View, judgement: Judgement, subject: Subject) -> None:
    """Begin an application, for who may."""
    tr = view.tr
    if not view.may(subject.action):
        return
    if st.button(
        tr("Draft an application"),
        icon=":material/edit_document:",
        key=Key.POLICY_DRAFT.of(judgement.rule.code, subject.key),
    ):
        drafted = checked(
            view,
            lambda: draft(
                cache.store.database(),
                judgement.rule.code,
                subject,
                today=view.today,
                actor=view.access,
                at=datetime.now(UTC),
            ),
        )
        if drafted is not None:
            announce(tr("Saved."))
