"""Caches of indicators."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from core.indicators import article, attention, registry, tables
from core.indicators import cohorts as cohort_curves
from core.indicators import funnel as loop_funnel
from core.indicators.attention import Finding
from core.indicators.cohorts import Cohorts
from core.indicators.facts import load
from core.indicators.registry import Measured
from pages.cache.store import cached, cached_query, parameters

facts = cached_query(load)


@st.cache_resource(show_spinner=False, max_entries=60)
def measured(revision: int, today: date, code: str) -> Measured:
    return registry.measure(facts(revision), code, today)


@cached
def funnel(revision: int, today: date) -> pd.DataFrame:
    return loop_funnel.funnel(facts(revision), today)


@st.cache_resource(show_spinner=False, max_entries=30)
def stage_rows(revision: int, today: date, code: str) -> pd.DataFrame:
    return loop_funnel.stage_rows(facts(revision), today, code)


@cached
def cohorts(revision: int, today: date) -> Cohorts:
    return cohort_curves.cohorts(facts(revision), today)


@cached
def posts_by_field(revision: int, today: date) -> pd.DataFrame:
    return tables.posts_by_field(facts(revision), today)


@st.cache_resource(show_spinner=False, max_entries=30)
def communities_ranked(revision: int, today: date, code: str) -> pd.DataFrame:
    return tables.communities_ranked(measured(revision, today, code), facts(revision).communities)


@cached
def findings(revision: int, today: date) -> list[Finding]:
    return attention.findings(facts(revision), parameters(revision), today)


@cached
def figures(revision: int, today: date) -> dict[str, tuple[article.ComputedFigure, ...]]:
    return article.compute_figures(facts(revision), today)
