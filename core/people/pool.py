"""The pool as a table: who waits, for how long, with which plan; and the filters, each of which says itself in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import pandas as pd

from core.locale import Translator
from core.people.masking import SHOWN_DIGITS, mask_name, mask_phone
from core.terms import Evidence, HardshipKind, PersonState, PlanStatus, SkillDomain

__all__ = ["Filter", "apply", "current_plans", "describe", "describe_wait", "filters", "matches", "pool_table"]


def pool_table(
    people: pd.DataFrame,
    plans: pd.DataFrame,
    measures: pd.DataFrame,
    visits: pd.DataFrame,
    person_skills: pd.DataFrame,
    today: date,
) -> pd.DataFrame:
    """One row a person on ``today``, those who wait longest first.

    Adds to ``people``: days_waiting (days in state "seeking", else NA), plan (status of the current plan or NA),
    readiness (steps done ÷ steps of that plan), last_visit, next_visit (NaT if visited since), skills (count with
    evidence above self-report).
    """
    moment = pd.Timestamp(today)
    table = people.set_index("id")
    seeking = table["state"] == PersonState.SEEKING
    table["days_waiting"] = (moment - table["state_since"]).dt.days.where(seeking).astype("Int64")
    current = current_plans(plans, today).set_index("person_id")
    table["plan"] = current["status"].reindex(table.index)
    steps = measures[measures["plan_id"].isin(current["id"])]
    table["readiness"] = (steps["done_on"] <= moment).groupby(steps["person_id"]).mean().reindex(table.index)
    last = visits[visits["visited_on"] <= moment].drop_duplicates("person_id", keep="last").set_index("person_id")
    table["last_visit"] = last["visited_on"].reindex(table.index)
    table["next_visit"] = last["next_on"].reindex(table.index)
    proven = person_skills[person_skills["evidence"] != Evidence.SELF_REPORT]
    table["skills"] = proven.groupby("person_id").size().reindex(table.index, fill_value=0)
    order = table.assign(waiting=table["days_waiting"].fillna(-1)).sort_values(
        "waiting", ascending=False, kind="stable"
    )
    return table.loc[order.index].rename_axis("id").reset_index()


def current_plans(plans: pd.DataFrame, today: date) -> pd.DataFrame:
    """One row of ``plans`` a person: the newest plan that is live, else the newest of all made by ``today``.

    Plans may overlap: an older one is closed late, or a newer one is given up while the older goes on.
    """
    made = plans[plans["made_on"] <= pd.Timestamp(today)]
    in_order = made.assign(is_live=made["status"] == PlanStatus.LIVE).sort_values(["is_live", "made_on"], kind="stable")
    return in_order.drop_duplicates("person_id", keep="last").drop(columns="is_live").sort_values("person_id")


@dataclass(frozen=True)
class Filter:
    """A condition on the pool table with its sentence."""

    sentence: str
    mask: Callable[[pd.DataFrame], pd.Series]
    since: pd.Series | None = None
    """Person id → day since which the condition holds, where that orders the list."""


def filters(
    tr: Translator,
    *,
    state: PersonState | None = None,
    community: tuple[int, str] | None = None,
    domain: tuple[SkillDomain, set[int]] | None = None,
    hardship: tuple[HardshipKind, set[int]] | None = None,
    waiting_days: int = 0,
    without_plan: bool = False,
    search: str = "",
    search_phones: bool = False,
    former_numbers: Mapping[int, int] = MappingProxyType({}),
    watch: tuple[str, pd.Series] | None = None,
) -> list[Filter]:
    """The filters that are set, the watch first.

    ``domain`` and ``hardship`` carry the person ids that qualify, ``watch`` the name of a watch of the attention list
    and, by person id, the day since which it holds. ``search`` fits names and numbers, with ``search_phones`` also phones;
    ``former_numbers``: number of a record before a merge → the person that it is now.
    """
    conditions: list[Filter] = []
    if watch is not None:
        name, since = watch
        conditions.append(Filter(name, lambda t: t["id"].isin(since.index), since))
    if state is not None:
        conditions.append(Filter(tr.term(state), lambda t: t["state"] == state))
    if community is not None:
        conditions.append(
            Filter(tr("living in {name}", name=community[1]), lambda t: t["community_id"] == community[0])
        )
    if domain is not None:
        conditions.append(Filter(tr("skilled in {name}", name=tr.term(domain[0])), lambda t: t["id"].isin(domain[1])))
    if hardship is not None:
        conditions.append(
            Filter(tr("with hardship: {name}", name=tr.term(hardship[0])), lambda t: t["id"].isin(hardship[1]))
        )
    if waiting_days:
        conditions.append(
            Filter(
                tr("waiting {n} days or more", n=waiting_days),
                lambda t: (t["days_waiting"] >= waiting_days).fillna(False),
            )
        )
    if without_plan:
        conditions.append(Filter(tr("without a live plan"), lambda t: t["plan"] != PlanStatus.LIVE))
    if text := search.strip():
        conditions.append(
            Filter(
                tr("masked name, phone or number fits the search"),
                lambda t: matches(t, text, phones=search_phones, former_numbers=former_numbers),
            )
        )
    return conditions


def apply(table: pd.DataFrame, conditions: Iterable[Filter]) -> pd.DataFrame:
    """The rows that pass every filter.

    Where a filter says since when it holds, that is column ``since`` and the longest come first; otherwise those who
    wait longest, as in ``table``.
    """
    for condition in conditions:
        table = table[condition.mask(table).astype(bool)]
        if condition.since is not None:
            since = table["id"].map(condition.since)
            table = table.assign(since=since).sort_values(["since", "id"], kind="stable")
    return table.reset_index(drop=True)


def describe(tr: Translator, conditions: list[Filter], n: int) -> str:
    """'128 people: seeking work; living in 云锦社区'."""
    people = tr.plural("{n} person", "{n} people", n)
    if not conditions:
        return tr("{people}: everyone", people=people)
    separator = "; " if tr.is_english else "；"
    return tr("{people}: {conditions}", people=people, conditions=separator.join(c.sentence for c in conditions))


def describe_wait(tr: Translator, rows: pd.DataFrame) -> str:
    """'half of those seeking work have waited 87 days or more', or nothing where nobody in ``rows`` is seeking."""
    days = rows["days_waiting"].dropna()
    if days.empty:
        return ""
    return tr("half of those seeking work have waited {days} days or more", days=tr.number(int(days.median())))


def matches(
    table: pd.DataFrame, text: str, *, phones: bool, former_numbers: Mapping[int, int] = MappingProxyType({})
) -> pd.Series:
    """Whom a search fits, as far as their masked name, their masked phone (with ``phones``) and their number tell.

    A text is looked for in the name as it is shown, and a full name or phone is masked first: it fits everyone who is shown
    alike. So a search answers what the list shows and no more, and nobody's name or phone can be guessed by it.
    """
    names = table["name"].map(mask_name)
    fits = (names == mask_name(text)) | names.str.contains(text, case=False, regex=False)
    if text.isdecimal():
        fits |= table["id"].isin([int(text), former_numbers.get(int(text), int(text))])
        if phones:
            masked = table["phone"].map(mask_phone)
            fits |= masked.str.endswith(text) if len(text) == SHOWN_DIGITS else masked == mask_phone(text)
    return fits
