"""The published figures, recomputed from rows: published text, our number, its definition and the rows that it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.indicators import populations
from core.indicators.dated_counts import count, rows_on
from core.indicators.facts import Facts, computed_once
from core.locale import N_, Translator
from core.terms import Channel, EmployerKind, Registration

__all__ = ["FIGURES", "Figure", "Part", "ComputedFigure", "compute_figures"]

Population = Callable[[Facts], pd.DataFrame]  # a spell frame, see ``populations``
Rows = Callable[[Facts, date], pd.DataFrame]
Value = Callable[[pd.DataFrame, Facts, date], float]
COMMISSIONER = "壮志天上"


@dataclass(frozen=True)
class Part:
    """One number of a figure; ``rows`` are what it counts (head count ``n`` where a row stands for several)."""

    label: str
    rows: Rows
    value: Value
    text: Callable[[Translator, float], str] = lambda tr, value: tr.number(value)


@dataclass(frozen=True)
class Figure:
    """A published figure and the parts that reproduce it; the first part is the figure itself."""

    code: str
    published: str
    name: str
    definition: str
    parts: tuple[Part, ...]


def _head_count(rows: pd.DataFrame, _facts: Facts, _today: date) -> float:
    return float(rows["n"].sum())


def _members(population: Population, **where: str) -> Rows:
    """The rows of a population that count on the day, with column = value."""

    def rows(facts: Facts, today: date) -> pd.DataFrame:
        members = rows_on(population(facts), today)
        for column, value in where.items():
            members = members[members[column] == value]
        return members.reset_index(drop=True)

    return rows


def _cumulative(*channels: Channel) -> Rows:
    """Everyone placed in a channel so far, whether or not still there."""

    def rows(facts: Facts, today: date) -> pd.DataFrame:
        return rows_on(populations.placements_started(facts, *channels), today).reset_index(drop=True)

    return rows


def _divided_by(population: Population) -> Value:
    """Head count of the rows ÷ head count of a population on the day."""

    def value(rows: pd.DataFrame, facts: Facts, today: date) -> float:
        denominator = count(population(facts), today)
        return float(rows["n"].sum()) / denominator if denominator else float("nan")

    return value


def _enterprises(facts: Facts, today: date) -> pd.DataFrame:
    enterprises = facts.employers[facts.employers["kind"] == EmployerKind.CRAFT_ECOMMERCE]
    enterprises = enterprises[~(enterprises["opened_on"] > pd.Timestamp(today))]
    return enterprises[["name", "opened_on", "community"]].assign(n=1).reset_index(drop=True)


def _products(facts: Facts, _today: date) -> pd.DataFrame:
    return facts.products[["code", "name", "family", "employer", "piece_rate"]].assign(n=1).reset_index(drop=True)


def _workshops(facts: Facts, today: date) -> pd.DataFrame:
    workshops = facts.workshops[facts.workshops["opened_on"] <= pd.Timestamp(today)]
    return workshops[["name", "community", "opened_on", "stations"]].assign(n=1).reset_index(drop=True)


def _posts_since_2024(facts: Facts, today: date) -> pd.DataFrame:
    posts = rows_on(populations.developed_posts(facts), today)
    return posts[posts["developed_on"] >= "2024-01-01"].reset_index(drop=True)


def _commissioner(facts: Facts, _today: date) -> pd.DataFrame:
    """The enterprise that the article names as the one that commissioned the training."""
    enterprises = facts.employers[facts.employers["name"].str.contains(COMMISSIONER)]
    return enterprises[["id", "name", "opened_on", "community"]].assign(n=1).reset_index(drop=True)


def _of_commissioner(population: Population) -> Rows:
    """The rows of a population that concern that enterprise, on the day."""

    def rows(facts: Facts, today: date) -> pd.DataFrame:
        members = rows_on(population(facts), today)
        return members[members["employer_id"].isin(_commissioner(facts, today)["id"])].reset_index(drop=True)

    return rows


_urban, _rural = {"kind": Registration.URBAN.value}, {"kind": Registration.RURAL.value}
_in_enterprises = _members(lambda facts: populations.active_placements(facts, Channel.ENTERPRISE))
_mastered = _members(populations.skills_mastered)

FIGURES = (
    Figure(
        "F13–F15",
        "215 = 135 + 80",
        N_("Exits from public-welfare posts"),
        N_("Spells on a public-welfare post that ended, urban and rural."),
        (
            Part(N_("exits"), _members(populations.exits), _head_count),
            Part(N_("urban"), _members(populations.exits, **_urban), _head_count),
            Part(N_("rural"), _members(populations.exits, **_rural), _head_count),
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
            Part(N_("rate"), _members(populations.re_employed), _divided_by(populations.exits), Translator.percent),
            Part(N_("re-employed"), _members(populations.re_employed), _head_count),
            Part(N_("urban"), _members(populations.re_employed, **_urban), _head_count),
            Part(N_("rural"), _members(populations.re_employed, **_rural), _head_count),
        ),
    ),
    Figure(
        "F01",
        "100%",
        N_("Training coverage"),
        N_("People who hold or held a public-welfare post and finished at least one course ÷ all of them, in persons."),
        (
            Part(
                N_("coverage"),
                _members(populations.post_holders_trained),
                _divided_by(populations.post_holders),
                Translator.percent,
            ),
            Part(N_("trained"), _members(populations.post_holders_trained), _head_count),
            Part(N_("post holders"), _members(populations.post_holders), _head_count),
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
            Part(
                N_("skills per person"),
                _mastered,
                _divided_by(populations.post_holders),
                lambda tr, value: tr.number(value, 2),
            ),
            Part(N_("skills"), _mastered, _head_count),
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
            Part(N_("planned"), _members(populations.planned_posts), _head_count),
            Part(N_("developed"), _posts_since_2024, _head_count),
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
            Part(N_("workshops"), _workshops, _head_count),
            Part(N_("stations"), _members(populations.stations), _head_count),
            Part(N_("absorbed in all"), _cumulative(Channel.WORKSHOP), _head_count),
            Part(N_("on the roll today"), _members(populations.workshop_roll), _head_count),
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
            Part(N_("enterprises"), _enterprises, _head_count),
            Part(N_("product kinds"), _products, _head_count),
            Part(N_("absorbed in all"), _cumulative(Channel.ENTERPRISE), _head_count),
            Part(N_("there today"), _in_enterprises, _head_count),
        ),
    ),
    Figure(
        "F12",
        "> 4000",
        N_("Average monthly pay in craft e-commerce enterprises"),
        N_(
            "Mean of the latest monthly pay of the people there today, yuan; the median and the share above 4,000 show what the mean hides."
        ),
        (
            Part(N_("mean, yuan"), _in_enterprises, lambda rows, *_: rows["monthly_pay"].mean()),
            Part(N_("median, yuan"), _in_enterprises, lambda rows, *_: rows["monthly_pay"].median()),
            Part(
                N_("above 4,000"),
                lambda facts, today: _in_enterprises(facts, today).query("monthly_pay > 4000"),
                lambda rows, facts, today: len(rows) / _in_enterprises(facts, today)["monthly_pay"].count(),
                lambda tr, share: tr.percent(share, 0),
            ),
        ),
    ),
    Figure(
        "F07, F08",
        "100+ / 30+",
        N_("Employer-commissioned training"),
        N_(
            "People who finished a course commissioned by Zhuangzhi Tianshang, and those of them who started work there."
        ),
        (
            Part(N_("trained"), _of_commissioner(populations.commissioned_trained), _head_count),
            Part(N_("joined"), _of_commissioner(populations.commissioned_joined), _head_count),
        ),
    ),
    Figure(
        "F17",
        "2024",
        N_("Year Zhuangzhi Tianshang came"),
        N_("Year in which Zhuangzhi Tianshang opened in the district."),
        (
            Part(
                N_("year"),
                _commissioner,
                lambda rows, *_: rows["opened_on"].dt.year.max(),
                lambda _tr, year: f"{year:.0f}",
            ),
        ),
    ),
)


@dataclass(frozen=True)
class ComputedFigure:
    """A part of a figure on a day: its number and the rows that it counts."""

    part: Part
    value: float
    rows: pd.DataFrame


def compute_figures(facts: Facts, today: date) -> dict[str, tuple[ComputedFigure, ...]]:
    """Every figure's parts on ``today``, by the figure's code; a part without rows is 0."""
    return {figure.code: _computed_parts(facts, today, figure) for figure in FIGURES}


@computed_once
def _computed_parts(facts: Facts, today: date, figure: Figure) -> tuple[ComputedFigure, ...]:
    rows = [part.rows(facts, today) for part in figure.parts]
    return tuple(
        ComputedFigure(part, part.value(own, facts, today) if len(own) else 0.0, own)
        for part, own in zip(figure.parts, rows, strict=True)
    )
