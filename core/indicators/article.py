"""The published figures, recomputed from rows: published text, our number, definition, and the rows that it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.indicators import membership
from core.indicators.facts import Facts
from core.indicators.spells import count, on
from core.locale import N_, Translator
from core.terms import Channel, EmployerKind, Registration

__all__ = ["FIGURES", "Figure", "Part", "Reckoned", "reckon"]

Rows = Callable[[Facts, date], pd.DataFrame]
COMMISSIONER = "壮志天上"


@dataclass(frozen=True)
class Part:
    """One number of a figure; ``rows`` are what it counts (head count ``n`` where a row stands for several)."""

    label: str
    rows: Rows
    value: Callable[[pd.DataFrame, Facts, date], float]
    text: Callable[[Translator, float], str] = lambda tr, value: tr.number(value)


@dataclass(frozen=True)
class Figure:
    """A published figure and the parts that reproduce it; the first part is the figure itself."""

    code: str
    published: str
    name: str
    definition: str
    parts: tuple[Part, ...]


def _heads(rows: pd.DataFrame, _facts: Facts, _today: date) -> float:
    return float(rows["n"].sum())


def _number(digits: int) -> Callable[[Translator, float], str]:
    return lambda tr, value: tr.number(value, digits)


def _percent(tr: Translator, value: float) -> str:
    return tr.percent(value)


def _side(side: Callable[[Facts], pd.DataFrame], **where: str) -> Rows:
    """The rows of a membership on the day, with column = value."""

    def rows(facts: Facts, today: date) -> pd.DataFrame:
        found = on(side(facts), today)
        for column, value in where.items():
            found = found[found[column] == value]
        return found.reset_index(drop=True)

    return rows


def _cumulative(*channels: Channel) -> Rows:
    """Everyone placed in a channel so far, whether or not still there."""

    def rows(facts: Facts, today: date) -> pd.DataFrame:
        spells = membership.active_placements(facts, *channels)
        return spells[spells["since"] <= pd.Timestamp(today)].reset_index(drop=True)

    return rows


def _over(side: Callable[[Facts], pd.DataFrame]) -> Callable[[pd.DataFrame, Facts, date], float]:
    """Head count of the rows ÷ head count of another membership."""

    def value(rows: pd.DataFrame, facts: Facts, today: date) -> float:
        bottom = count(side(facts), today)
        return float(rows["n"].sum()) / bottom if bottom else float("nan")

    return value


def _enterprises(facts: Facts, today: date) -> pd.DataFrame:
    found = facts.employers[facts.employers["kind"] == EmployerKind.CRAFT_ECOMMERCE]
    found = found[~(found["opened_on"] > pd.Timestamp(today))]
    return found[["name", "opened_on", "community"]].assign(n=1).reset_index(drop=True)


def _products(facts: Facts, _today: date) -> pd.DataFrame:
    return facts.products[["code", "name", "family", "employer", "piece_rate"]].assign(n=1).reset_index(drop=True)


def _workshops(facts: Facts, today: date) -> pd.DataFrame:
    found = facts.workshops[facts.workshops["opened_on"] <= pd.Timestamp(today)]
    return found[["name", "community", "opened_on", "stations"]].assign(n=1).reset_index(drop=True)


def _pay(rows: pd.DataFrame, _facts: Facts, _today: date) -> float:
    return float(rows["monthly_pay"].mean())


def _median_pay(rows: pd.DataFrame, _facts: Facts, _today: date) -> float:
    return float(rows["monthly_pay"].median())


def _above_4000(rows: pd.DataFrame, _facts: Facts, _today: date) -> float:
    return float((rows["monthly_pay"] > 4000).mean())


def _posts_since_2024(facts: Facts, today: date) -> pd.DataFrame:
    found = on(membership.developed_posts(facts), today)
    return found[found["developed_on"] >= "2024-01-01"].reset_index(drop=True)


def _named(facts: Facts, _today: date) -> pd.DataFrame:
    """The enterprise that the article names as the one that commissioned the training."""
    found = facts.employers[facts.employers["name"].str.contains(COMMISSIONER)]
    return found[["id", "name", "opened_on", "community"]].assign(n=1).reset_index(drop=True)


def _of_named(side: Callable[[Facts], pd.DataFrame]) -> Rows:
    """The rows of a membership that concern that enterprise."""

    def rows(facts: Facts, today: date) -> pd.DataFrame:
        found = on(side(facts), today)
        return found[found["employer_id"].isin(_named(facts, today)["id"])].reset_index(drop=True)

    return rows


def _opening_year(rows: pd.DataFrame, _facts: Facts, _today: date) -> float:
    return float(rows["opened_on"].dt.year.max())


_urban, _rural = {"kind": Registration.URBAN.value}, {"kind": Registration.RURAL.value}
_roll = _side(lambda facts: membership.active_placements(facts, Channel.ENTERPRISE))
_mastered = _side(membership.skills_mastered)

FIGURES = (
    Figure(
        "F13–F15",
        "215 = 135 + 80",
        N_("Exits from public-welfare posts"),
        N_("Spells on a public-welfare post that ended, urban and rural."),
        (
            Part(N_("exits"), _side(membership.exits), _heads),
            Part(N_("urban"), _side(membership.exits, **_urban), _heads),
            Part(N_("rural"), _side(membership.exits, **_rural), _heads),
        ),
    ),
    Figure(
        "F16",
        "~33%",
        N_("Re-employment rate"),
        N_(
            "Exits whose person started a job on or after the exit ÷ all exits. With 215 exits the 95% interval is about 27–40%: urban and rural do not differ provably."
        ),
        (
            Part(N_("rate"), _side(membership.re_employed), _over(membership.exits), _percent),
            Part(N_("re-employed"), _side(membership.re_employed), _heads),
            Part(N_("urban"), _side(membership.re_employed, **_urban), _heads),
            Part(N_("rural"), _side(membership.re_employed, **_rural), _heads),
        ),
    ),
    Figure(
        "F01",
        "100%",
        N_("Training coverage"),
        N_("People who hold or held a public-welfare post and finished at least one course ÷ all of them, in persons."),
        (
            Part(N_("coverage"), _side(membership.post_holders_trained), _over(membership.post_holders), _percent),
            Part(N_("trained"), _side(membership.post_holders_trained), _heads),
            Part(N_("post holders"), _side(membership.post_holders), _heads),
        ),
    ),
    Figure(
        "F02",
        "3.2",
        N_("Skills per person"),
        N_(
            "Skills of level 2 or above with evidence stronger than self-report ÷ everyone who holds or held a public-welfare post (not the 215 exits alone)."
        ),
        (
            Part(N_("skills per person"), _mastered, _over(membership.post_holders), _number(2)),
            Part(N_("skills"), _mastered, _heads),
        ),
    ),
    Figure(
        "F03, F04",
        "300+ / 200+",
        N_("Community posts planned and developed"),
        N_(
            "Head count of community posts planned, and of those developed since 2024: developed posts are part of the planned ones."
        ),
        (
            Part(N_("planned"), _side(membership.planned_posts), _heads),
            Part(N_("developed"), _posts_since_2024, _heads),
        ),
    ),
    Figure(
        "F05, F06",
        "6 / 120+",
        N_("Micro-workshops and the people they absorbed"),
        N_(
            "Workshops opened; work stations; everyone who ever started there (workshops alone); and those on the roll today."
        ),
        (
            Part(N_("workshops"), _workshops, _heads),
            Part(N_("stations"), _side(membership.stations), _heads),
            Part(N_("absorbed in all"), _cumulative(Channel.WORKSHOP), _heads),
            Part(N_("on the roll today"), _side(membership.workshop_roll), _heads),
        ),
    ),
    Figure(
        "F09–F11",
        "10+ / 20+ / 200+",
        N_("Craft e-commerce enterprises, products, people"),
        N_(
            "Enterprises brought in; kinds of product; everyone who ever started there; and those there today. The published figure is the cumulative one."
        ),
        (
            Part(N_("enterprises"), _enterprises, _heads),
            Part(N_("product kinds"), _products, _heads),
            Part(N_("absorbed in all"), _cumulative(Channel.ENTERPRISE), _heads),
            Part(N_("there today"), _roll, _heads),
        ),
    ),
    Figure(
        "F12",
        "> 4000",
        N_("Average monthly pay in craft e-commerce enterprises"),
        N_(
            "Mean of the latest monthly pay of the people there today, yuan; the median and the share above 4,000 tell what the mean hides."
        ),
        (
            Part(N_("mean, yuan"), _roll, _pay),
            Part(N_("median, yuan"), _roll, _median_pay),
            Part(N_("above 4,000"), _roll, _above_4000, lambda tr, value: tr.percent(value, 0)),
        ),
    ),
    Figure(
        "F07, F08",
        "100+ / 30+",
        N_("Employer-commissioned training"),
        N_("People who finished a course commissioned by 壮志天上, and those of them who started work there."),
        (
            Part(N_("trained"), _of_named(membership.commissioned_trained), _heads),
            Part(N_("joined"), _of_named(membership.commissioned_joined), _heads),
        ),
    ),
    Figure(
        "F17",
        "2024",
        N_("Year 壮志天上 came"),
        N_("Year in which 壮志天上 opened in the district."),
        (Part(N_("year"), _named, _opening_year, lambda tr, value: f"{value:.0f}"),),  # noqa: ARG005
    ),
)


@dataclass(frozen=True)
class Reckoned:
    """A part of a figure on a day: its number and the rows that it counts."""

    part: Part
    value: float
    rows: pd.DataFrame


def reckon(facts: Facts, today: date) -> dict[str, tuple[Reckoned, ...]]:
    """Every figure's parts on ``today``, by the figure's code; a part without rows is 0."""
    found: dict[str, tuple[Reckoned, ...]] = {}
    for figure in FIGURES:
        rows = [part.rows(facts, today) for part in figure.parts]
        found[figure.code] = tuple(
            Reckoned(part, part.value(own, facts, today) if len(own) else 0.0, own)
            for part, own in zip(figure.parts, rows, strict=True)
        )
    return found
