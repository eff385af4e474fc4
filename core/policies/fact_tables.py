"""The facts of people and of enterprises on a day, from the bureau's own rows.

What the bureau keeps a register of is known, also where there is no row: who has no proof of hardship has none, who was
never on a welfare post was there for 0 years. What nobody recorded is unknown: a missing date of birth, the form of work of
somebody who is known to work, who pays the social insurance. Rows of after the day do not count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from math import inf

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from core.people.retirement import GROUPS, retirement_days, schedule
from core.policies.conditions import NOTHING, FactTable, Interval
from core.policies.loading import Records
from core.terms import (
    HardshipKind,
    JobForm,
    PersonState,
    PolicyFact,
    RetirementGroup,
    Sex,
    YesNo,
)

__all__ = ["employer_facts", "person_facts", "valid_hardships", "whole_months"]

Floats = NDArray[np.float64]
Codes = NDArray[np.object_]
SEVERE_GRADES, OTHER_GRADES = r"[一二12]级", r"[三四34]级"


def whole_months(since: pd.Series, day: pd.Timestamp | pd.Series) -> Floats:
    """Months completed from ``since`` to ``day``; NaN where a date is missing, negative before."""
    start = pd.to_datetime(since)
    end = pd.to_datetime(day) if isinstance(day, pd.Series) else pd.Series(day, index=start.index)
    months = (end.dt.year - start.dt.year) * 12 + end.dt.month - start.dt.month - (end.dt.day < start.dt.day)
    return np.asarray(months.to_numpy(dtype=np.float64, na_value=np.nan))


def person_facts(records: Records, parameters: pd.DataFrame, day: date) -> FactTable:
    """Everyone's facts on ``day``, in the order of ``records.people``; ``parameters``: the dated table."""
    moment = pd.Timestamp(day)
    people = records.people.set_index("id", drop=False)
    ids = people.index
    states = records.states[records.states["since"] <= moment]
    state = _codes(states.drop_duplicates("person_id", keep="last").set_index("person_id")["state"], ids)
    answers = _answers(records.answers, ids, moment)
    work = _work(records, ids, state, moment)
    numbers: dict[PolicyFact, Interval] = {
        PolicyFact.AGE: _exact(np.floor(whole_months(people["birth_date"], moment) / 12)),
        PolicyFact.YEARS_TO_RETIREMENT: _to_retirement(people, answers["retirement_group"], parameters, day),
        PolicyFact.UNEMPLOYED_MONTHS: _exact(_months_seeking(states, ids, state, moment)),
        **_post_numbers(records.posts, ids, moment),
        **work.numbers,
        **_business_numbers(records.businesses, ids, moment),
    }
    return FactTable(
        ids=ids.to_numpy(dtype=np.int64),
        numbers=numbers,
        choices={
            PolicyFact.SEX: _codes(people["sex"], ids),
            PolicyFact.REGISTRATION: _codes(people["registration"], ids),
            PolicyFact.STATE: state,
            PolicyFact.SEVERE_DISABILITY: _severe(people["disability"], records.hardships, moment),
            PolicyFact.ON_POST: _yes_no(_running(records.posts, ids, moment)),
            PolicyFact.WANTS_START_UP: _wishes(records.wishes, ids, moment),
            PolicyFact.INSURANCE: answers["insurance"],
            PolicyFact.YEAR_CONTRACT: answers["year_contract"],
            **work.choices,
            PolicyFact.OWNS_BUSINESS: _owns(records.businesses, ids, work.choices[PolicyFact.WORK_FORM], moment),
        },
        labels={PolicyFact.HARDSHIP: _hardship_sets(records.hardships, ids, moment)},
    )


def employer_facts(records: Records, day: date) -> FactTable:
    """Every employer's facts on ``day``, in the order of ``records.employers``."""
    moment = pd.Timestamp(day)
    employers = records.employers.set_index("id", drop=False)
    ids = employers.index
    months = records.employer_months[records.employer_months["month"] <= moment]
    last = months.drop_duplicates("employer_id", keep="last").set_index("employer_id").reindex(ids)
    working = _working(records.placements, moment)
    hard = working[working["person_id"].isin(valid_hardships(records.hardships, moment)["person_id"])]
    hires = hard.drop_duplicates(["employer_id", "person_id"]).groupby("employer_id").size().reindex(ids)
    return FactTable(
        ids=ids.to_numpy(dtype=np.int64),
        numbers={
            PolicyFact.OPEN_MONTHS: _exact(whole_months(employers["opened_on"], moment)),
            PolicyFact.EMPLOYEES: _exact(last["employees"].to_numpy(dtype=np.float64, na_value=np.nan)),
            PolicyFact.INSURED: _exact(last["insured"].to_numpy(dtype=np.float64, na_value=np.nan)),
            PolicyFact.HARDSHIP_HIRES: _exact(hires.fillna(0).to_numpy(dtype=np.float64)),
        },
        choices={PolicyFact.EMPLOYER_KIND: _codes(employers["kind"], ids)},
    )


def valid_hardships(hardships: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """The proofs of hardship that hold on a day; one without a first day holds from always."""
    begun = ~(hardships["since"] > moment)
    return hardships[begun & ~(hardships["until"] < moment)]


def _exact(values: Floats) -> Interval:
    """An interval of one value; of everything where it is NaN."""
    unknown = np.isnan(values)
    return np.where(unknown, -inf, values), np.where(unknown, inf, values)


def _codes(values: pd.Series, ids: pd.Index) -> Codes:
    """A code or None for each id; ``values`` is indexed by id."""
    codes = values.reindex(ids).astype(object)
    return np.asarray(codes.where(codes.notna(), None), dtype=object)


def _missing(codes: Codes) -> NDArray[np.bool_]:
    """Where no code is known."""
    return np.array([code is None for code in codes], dtype=bool)


def _yes_unknown_no(yes: NDArray[np.bool_], unknown: NDArray[np.bool_]) -> Codes:
    """Codes of an answer: yes where ``yes``, None where it is ``unknown``, no elsewhere."""
    codes = np.full(len(yes), YesNo.NO.value, dtype=object)
    codes[unknown] = None
    codes[yes] = YesNo.YES.value
    return codes


def _yes_no(values: pd.Series) -> Codes:
    """True and False as codes, NA as None."""
    unknown = values.isna().to_numpy(dtype=bool)
    return _yes_unknown_no(values.astype(object).where(~unknown, False).to_numpy(dtype=bool), unknown)


def _months_seeking(states: pd.DataFrame, ids: pd.Index, state: Codes, moment: pd.Timestamp) -> Floats:
    """Months since the last unbroken run of seeking work began; 0 in another state, NaN where none is known."""
    changes = states[states["state"] != states.groupby("person_id")["state"].shift()]
    since = changes.drop_duplicates("person_id", keep="last").set_index("person_id")["since"].reindex(ids)
    months = np.where(state == PersonState.SEEKING.value, whole_months(since, moment), 0.0)
    return np.where(_missing(state), np.nan, months)


def _running(posts: pd.DataFrame, ids: pd.Index, moment: pd.Timestamp) -> pd.Series:
    """Whether each person is on a welfare post."""
    runs = (posts["started_on"] <= moment) & ~(posts["exited_on"] < moment)
    return pd.Series(ids.isin(posts.loc[runs, "person_id"]), index=ids)


def _post_numbers(posts: pd.DataFrame, ids: pd.Index, moment: pd.Timestamp) -> dict[PolicyFact, Interval]:
    """Years on welfare posts in all, the last day of a post included, and the number of placements."""
    begun = posts[posts["started_on"] <= moment]
    after = (begun["exited_on"] + pd.Timedelta(days=1)).where(begun["exited_on"] < moment, moment)
    months = pd.Series(whole_months(begun["started_on"], after), index=begun["person_id"].to_numpy(), dtype=np.float64)
    by_person = begun.groupby("person_id")
    times = pd.concat([by_person.size(), by_person["spell_number"].max().astype("float64")], axis=1).max(axis=1)
    return {
        PolicyFact.POST_YEARS: _exact(months.groupby(level=0).sum().reindex(ids).fillna(0).to_numpy(np.float64) / 12),
        PolicyFact.POST_PLACEMENTS: _exact(times.reindex(ids).fillna(0).to_numpy(dtype=np.float64)),
    }


def _to_retirement(people: pd.DataFrame, group: Codes, parameters: pd.DataFrame, day: date) -> Interval:
    """Years until the statutory day of retirement in begun months, 0 or less when it has come.

    Between the two ages for women whose kind of post is unknown, between the lowest and the highest where the sex is.
    """
    births = people["birth_date"].to_numpy(dtype="datetime64[D]")
    years = {own: _begun_months(day, retirement_days(births, schedule(parameters, own, day))) / 12 for own in GROUPS}
    sex = _codes(people["sex"], people.index)
    is_man, is_woman = sex == Sex.MALE.value, sex == Sex.FEMALE.value
    allowed = {
        "men": ~is_woman,
        "worker": ~is_man & (group != RetirementGroup.STAFF.value),
        "staff": ~is_man & (group != RetirementGroup.WORKER.value),
    }
    low = np.min([np.where(allowed[own], years[own], inf) for own in GROUPS], axis=0)
    high = np.max([np.where(allowed[own], years[own], -inf) for own in GROUPS], axis=0)
    unknown = np.isnat(births)
    return np.where(unknown, -inf, low), np.where(unknown, inf, high)


def _begun_months(day: date, until: NDArray[np.datetime64]) -> Floats:
    """Months from ``day`` to ``until``, a begun one counted in full; NaN for NaT."""
    later = pd.Series(until)
    months = (later.dt.year - day.year) * 12 + later.dt.month - day.month + (later.dt.day > day.day)
    return np.asarray(months.to_numpy(dtype=np.float64, na_value=np.nan))


def _working(placements: pd.DataFrame, moment: pd.Timestamp) -> pd.DataFrame:
    """Spells of work on a day."""
    return placements[(placements["started_on"] <= moment) & ~(placements["ended_on"] <= moment)]


def _work(records: Records, ids: pd.Index, state: Codes, moment: pd.Timestamp) -> FactTable:
    """Facts of everyone's latest spell of work; of those who are employed without one on record they are unknown."""
    latest = _working(records.placements, moment).sort_values(["started_on", "id"])
    latest = latest.drop_duplicates("person_id", keep="last").set_index("person_id")
    at_work = ids.isin(latest.index)
    unknown = ~at_work & (_missing(state) | (state == PersonState.EMPLOYED.value))
    kind = latest["employer_id"].map(records.employers.set_index("id")["kind"])
    kind = kind.astype(object).where(latest["employer_id"].notna(), NOTHING)

    def choice(values: pd.Series) -> Codes:
        codes = np.where(at_work, _codes(values, ids), NOTHING)
        codes[unknown] = None
        return codes

    def number(values: Floats) -> Interval:
        return _exact(np.where(at_work, values, np.where(unknown, np.nan, 0.0)))

    return FactTable(
        ids=ids.to_numpy(dtype=np.int64),
        numbers={
            PolicyFact.WORK_MONTHS: number(whole_months(latest["started_on"].reindex(ids), moment)),
            PolicyFact.MONTHLY_PAY: number(latest["monthly_pay"].reindex(ids).to_numpy(dtype=np.float64)),
        },
        choices={PolicyFact.WORK_FORM: choice(latest["form"]), PolicyFact.WORK_EMPLOYER: choice(kind)},
    )


def _open_businesses(businesses: pd.DataFrame, moment: pd.Timestamp) -> pd.Series:
    """Owner → day on which the oldest of their open businesses began."""
    is_open = (businesses["opened_on"] <= moment) & ~(businesses["closed_on"] <= moment)
    return businesses[is_open].groupby("person_id")["opened_on"].min()


def _owns(businesses: pd.DataFrame, ids: pd.Index, form: Codes, moment: pd.Timestamp) -> Codes:
    """Whether somebody has an open business in the register; unknown of the self-employed who are not in it."""
    owners = ids.isin(_open_businesses(businesses, moment).index)
    return _yes_unknown_no(owners, _missing(form) | (form == JobForm.SELF_EMPLOYED.value))


def _business_numbers(businesses: pd.DataFrame, ids: pd.Index, moment: pd.Timestamp) -> dict[PolicyFact, Interval]:
    months = whole_months(_open_businesses(businesses, moment).reindex(ids), moment)
    return {PolicyFact.BUSINESS_MONTHS: _exact(np.nan_to_num(months))}


def _wishes(wishes: pd.DataFrame, ids: pd.Index, moment: pd.Timestamp) -> Codes:
    stated = wishes[wishes["stated_on"] <= moment].set_index("person_id")["wants_start_up"]
    return _yes_no(stated.reindex(ids))


def _answers(answers: pd.DataFrame, ids: pd.Index, moment: pd.Timestamp) -> Mapping[str, Codes]:
    """The last answer to each question by a day; None where it was never given."""
    known = answers[answers["stated_on"] <= moment].astype({"year_contract": object}).groupby("person_id")
    last = {name: known[name].last().reindex(ids) for name in ("insurance", "year_contract", "retirement_group")}
    return {
        "insurance": _codes(last["insurance"], ids),
        "year_contract": _yes_no(last["year_contract"]),
        "retirement_group": _codes(last["retirement_group"], ids),
    }


def _hardship_sets(hardships: pd.DataFrame, ids: pd.Index, moment: pd.Timestamp) -> Codes:
    valid = valid_hardships(hardships, moment).groupby("person_id")["kind"].agg(frozenset)
    sets = np.empty(len(ids), dtype=object)
    sets[:] = [valid.get(key, frozenset()) for key in ids]
    return sets


def _severe(disability: pd.Series, hardships: pd.DataFrame, moment: pd.Timestamp) -> Codes:
    """Whether the certificate states grade 1 or 2; unknown where there is one without a grade on record."""
    text = disability.astype(object).where(disability.notna(), "")
    valid = valid_hardships(hardships, moment)
    certified = disability.index.isin(valid.loc[valid["kind"] == HardshipKind.DISABLED.value, "person_id"])
    severe = text.str.contains(SEVERE_GRADES).to_numpy(dtype=bool)
    other = text.str.contains(OTHER_GRADES).to_numpy(dtype=bool)
    unknown = ~severe & ~other & ((text != "").to_numpy(dtype=bool) | certified)
    return _yes_unknown_no(severe, unknown)
