"""What an enterprise does for people: its figures, beside those of up to three others."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.enterprises.assessment import EnterpriseAssessment
from core.enterprises.profile import Profile, profile_lines
from core.locale import Translator
from core.policy import Action
from core.terms import Pillar
from pages import cache
from pages.cache.charts import built
from pages.common.downloads import download_table
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.view import View

__all__ = ["show"]

COMPARED = 4


@st.fragment
def show(view: View, assessment: EnterpriseAssessment, assessments: list[EnterpriseAssessment]) -> None:
    """A column an enterprise: score, tier, pillars, people, courses, referrals, products."""
    tr = view.tr
    by_key = {a.key: a for a in assessments}
    others = st.multiselect(
        tr("Compare with"),
        [a.key for a in assessments if a.key != assessment.key],
        format_func=lambda key: tr.name(by_key[key].name),
        max_selections=COMPARED - 1,
        key=Key.ENTERPRISE_COMPARED.of(assessment.key),
    )
    chosen = [assessment, *(by_key[key] for key in others)]
    profiles = [cache.enterprises.profile(view.revision, view.today, own.key) for own in chosen]
    table = built(_table, tr, chosen, profiles, 0)
    show_table(view, table, tr("Figures of the enterprises"), first=list(table.columns))
    least = cache.store.min_count_outside(view.revision, view.today)
    download_table(
        view,
        lambda: _table(tr, chosen, profiles, least),
        tr("Enterprise figures"),
        Key.DOWNLOAD.of("profile", assessment.key),
        tr("Counts of persons below {n} are hidden outside the bureau.", n=least),
        action=Action.EXPORT_ENTERPRISE,
    )


def _table(tr: Translator, chosen: list[EnterpriseAssessment], profiles: list[Profile], min_count: int) -> pd.DataFrame:
    """Figures down, enterprises across."""
    columns = {}
    for own, profile in zip(chosen, profiles, strict=True):
        pillars = [(tr.term(p), "–" if (v := own.score.value(p)) is None else tr.number(v * 100)) for p in Pillar]
        insured = own.raw["insured_share"]
        columns[tr.name(own.name)] = dict(
            [
                (tr("Tier"), tr.term(own.tier) if own.is_reviewed else tr("not reviewed yet")),
                (tr("Score"), tr("not rated") if own.index is None else tr.number(own.index, 1)),
                *pillars,
                *profile_lines(profile, tr, min_count),
                (tr("Social insurance"), tr("not reported") if pd.isna(insured) else tr.percent(insured / 100, 0)),
            ]
        )
    return pd.DataFrame(columns).reset_index(names=tr("Figure"))
