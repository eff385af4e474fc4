"""One enterprise in figures: people, courses, openings, referrals; the same for its page, a comparison and its dossier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection

from core.enterprises import queries
from core.enterprises.monitoring import HALF_YEAR, Ledger, people_there, unanswered
from core.locale import N_, Translator
from core.terms import JobStatus, ReferralState

__all__ = ["ProfileRows", "Profile", "load_rows", "profile_of", "profile_lines"]


@dataclass(frozen=True, eq=False)
class ProfileRows:
    """Rows beside the ledger: products, workshops, openings."""

    products: pd.DataFrame
    workshops: pd.DataFrame
    openings: pd.DataFrame


def load_rows(connection: Connection) -> ProfileRows:
    """The rows of ``core.enterprises.queries``."""
    return ProfileRows(queries.products(connection), queries.workshops(connection), queries.openings(connection))


@dataclass(frozen=True)
class Profile:
    """Counts of persons as on a day; ``answer_days`` is the median from a referral to the state it has now."""

    placed: int  # ever
    there: int
    target: int
    trained: int  # passed a course that it commissioned
    joined: int  # of them started there
    settled: int  # of the joined, who began at least half a year ago
    retained: int  # of the settled, still there after half a year
    referred: int
    answered: int
    waiting: int
    answer_days: float | None
    open_posts: int  # persons wanted
    products: tuple[str, ...]
    families: tuple[str, ...]
    workshops: tuple[str, ...]


def profile_of(ledger: Ledger, rows: ProfileRows, key: int, day: date) -> Profile:
    """The figures of enterprise ``key`` as on ``day``."""
    at = pd.Timestamp(day)
    placements = ledger.placements[(ledger.placements["employer_id"] == key) & (ledger.placements["started_on"] <= at)]
    there = people_there(ledger, day)
    there = there[there["employer_id"] == key]
    courses = ledger.trained[(ledger.trained["employer_id"] == key) & (ledger.trained["ends_on"] <= at)]
    trainees = set(courses["person_id"])
    joined = placements[placements["person_id"].isin(trainees)]
    settled = joined[joined["started_on"] <= at - pd.Timedelta(days=HALF_YEAR)]
    stayed = settled["ended_on"].isna() | ((settled["ended_on"] - settled["started_on"]).dt.days >= HALF_YEAR)
    referrals = ledger.referrals[(ledger.referrals["employer_id"] == key) & (ledger.referrals["recommended_on"] <= at)]
    answered = referrals[referrals["state"] != ReferralState.RECOMMENDED]
    days = (answered["state_since"] - answered["recommended_on"]).dt.days.dropna()
    openings = rows.openings[(rows.openings["employer_id"] == key) & (rows.openings["status"] == JobStatus.OPEN)]
    products = rows.products[rows.products["employer_id"] == key]
    return Profile(
        placed=int(placements["person_id"].nunique()),
        there=int(there["person_id"].nunique()),
        target=int(there.loc[there["target"].astype(bool), "person_id"].nunique()),
        trained=len(trainees),
        joined=int(joined["person_id"].nunique()),
        settled=int(settled["person_id"].nunique()),
        retained=int(settled.loc[stayed, "person_id"].nunique()),
        referred=len(referrals),
        answered=len(answered),
        waiting=int(unanswered(ledger, day).get(key, 0)),
        answer_days=None if days.empty else float(days.median()),
        open_posts=int(openings["openings"].sum()),
        products=tuple(str(n) for n in products["name"]),
        families=tuple(dict.fromkeys(str(f) for f in products["family"].dropna())),
        workshops=tuple(str(n) for n in rows.workshops.loc[rows.workshops["employer_id"] == key, "name"]),
    )


NONE = N_("none on file")


def profile_lines(profile: Profile, tr: Translator, min_count: int = 0) -> list[tuple[str, str]]:
    """(label, text) of a profile. Counts of persons from 1 to below ``min_count`` are hidden, and with them the steps of the
    funnel that they could be worked out from.
    """

    def count(n: int) -> str:
        return tr("fewer than {n} persons", n=min_count) if 0 < n < min_count else tr.number(n)

    separator = ", " if tr.is_english else "、"
    funnel = (profile.trained, profile.joined, profile.settled, profile.retained)
    gaps = (profile.trained - profile.joined, profile.settled - profile.retained)
    is_small = any(0 < n < min_count for n in (*funnel, *gaps))
    return [
        (tr("People placed, ever"), count(profile.placed)),
        (tr("People there now"), count(profile.there)),
        (tr("of them of the target group"), count(profile.target)),
        (
            tr("Commissioned training: passed → joined"),
            tr("hidden: small counts") if is_small else f"{count(profile.trained)} → {count(profile.joined)}",
        ),
        (
            tr("Joined half a year ago or more → still there after half a year"),
            tr("hidden: small counts") if is_small else f"{count(profile.settled)} → {count(profile.retained)}",
        ),
        (tr("Referrals → answered"), f"{count(profile.referred)} → {count(profile.answered)}"),
        (
            tr("Median days to the present answer"),
            "–" if profile.answer_days is None else tr.number(profile.answer_days),
        ),
        (tr("Referrals that wait"), count(profile.waiting)),
        (tr("Persons wanted in open posts"), tr.number(profile.open_posts)),
        (tr("Products"), separator.join(profile.products) or tr(NONE)),
        (tr("Workshops that it runs"), separator.join(profile.workshops) or tr(NONE)),
    ]
