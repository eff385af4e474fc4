"""Which openings are probably one and the same, with the reasons: each fact agrees, differs or is unknown.

Two openings are shown as probable twins when employer and title agree and at most one of place, pay and hours differs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import Any

import pandas as pd

from core.jobs.legal import monthly_pay, pay_terms
from core.terms import Agreement

__all__ = ["FACTS", "bare_employer", "bare_title", "compare_openings", "probable_twins"]

FACTS = ("employer", "title", "place", "pay", "hours")
MAY_DIFFER = 1  # of place, pay and hours
SHORTEST_NAME = 3  # characters of an employer's name that may stand for a longer one
HOURS_APART = 4.0  # a week

LEGAL_FORM = re.compile(r"(?:有限责任|股份有限|有限)?(?:公司|分公司)$|(?:个体工商户|经营部|工作室)$")
BRACKETED = re.compile(r"[(\[【<][^)\]】>]*[)\]】>]")
NOT_A_WORD = re.compile(r"[^\w]+")
ADVERTISED = re.compile(r"^(?:急招|急聘|诚聘|高薪|招聘|招)+|\d+[名人位]|若干[名人]?|(?:包吃住|月薪).*$")
WORKER = re.compile(r"(?:人员|工人|员工|员|工|师傅|师|岗位|岗)$")


def bare_employer(name: str) -> str:
    """A name without brackets, punctuation and legal form.

    >>> bare_employer("济宁壮志天上商贸有限公司（太白湖店）")
    '济宁壮志天上商贸'
    """
    text = _folded(name)
    return LEGAL_FORM.sub("", text) or text


def bare_title(title: str) -> str:
    """A title without brackets, what advertises it, and the word for a worker.

    >>> bare_title("急招保洁人员（2名）") == bare_title("保洁员")
    True
    """
    text = ADVERTISED.sub("", _folded(title))
    return WORKER.sub("", text) or text


def _folded(text: str) -> str:
    return NOT_A_WORD.sub("", BRACKETED.sub("", unicodedata.normalize("NFKC", text).casefold()))


def probable_twins(
    openings: pd.DataFrame, employers: pd.DataFrame, times: pd.DataFrame, apart: Collection[tuple[int, int]] = ()
) -> pd.DataFrame:
    """Pairs of ``openings`` (as ``queries.jobs``) that are probably one: first_id < second_id, a column a fact of ``FACTS``
    (``Agreement``), agreeing; those that agree most first.

    ``employers``: id, name, credit_code. ``times``: as ``core.jobs.queries.piece_times``. ``apart``: pairs of ids, the
    smaller first, that a person has decided are not the same.
    """
    codes = employers.set_index("id")["credit_code"]
    records = [
        row | {"credit_code": codes.get(row["employer_id"]), "pay": monthly_pay(pay_terms(row, times))}
        for row in openings.sort_values("id").to_dict("records")
    ]
    rows = []
    for first, second in _of_one_title(records):
        pair = (int(first["id"]), int(second["id"]))
        facts = compare_openings(first, second)
        differing = sum(facts[name] is Agreement.DIFFERS for name in FACTS)
        if facts["employer"] is not Agreement.AGREES or differing > MAY_DIFFER or pair in apart:
            continue
        agreeing = sum(facts[name] is Agreement.AGREES for name in FACTS)
        rows.append((*pair, *(facts[name].value for name in FACTS), agreeing))
    columns = ["first_id", "second_id", *FACTS, "agreeing"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["agreeing", "first_id", "second_id"], ascending=[False, True, True], ignore_index=True)


def _of_one_title(records: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Pairs whose titles agree, in order of their ids: others can't be twins, and there are few of each."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in records:
        groups[bare_title(row["title"])].append(row)
    for same in groups.values():
        yield from combinations(same, 2)


def compare_openings(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Agreement]:
    """Fact → how two openings compare; rows of ``queries.jobs`` with credit_code and pay (lowest and highest, yuan a month)."""
    return {
        "employer": _employers(first, second),
        "title": _agreement(bare_title(first["title"]) == bare_title(second["title"])),
        "place": _known(first["community_id"], second["community_id"]),
        "pay": _pay(first["pay"], second["pay"]),
        "hours": _hours(first, second),
    }


def _agreement(is_same: bool) -> Agreement:
    return Agreement.AGREES if is_same else Agreement.DIFFERS


def _known(first: Any, second: Any) -> Agreement:
    """Equal, different, or one of them unknown."""
    return Agreement.UNKNOWN if pd.isna(first) or pd.isna(second) else _agreement(first == second)


def _employers(first: Mapping[str, Any], second: Mapping[str, Any]) -> Agreement:
    """One employer on record; else the credit codes where both are known; else one name within the other."""
    if first["employer_id"] == second["employer_id"]:
        return Agreement.AGREES
    codes = _known(first["credit_code"], second["credit_code"])
    if codes is not Agreement.UNKNOWN:
        return codes
    short, long = sorted((bare_employer(first["employer"]), bare_employer(second["employer"])), key=len)
    return _agreement(short == long or (len(short) >= SHORTEST_NAME and short in long))


def _pay(first: tuple[float | None, float | None], second: tuple[float | None, float | None]) -> Agreement:
    """Whether the ranges of monthly pay share an amount."""
    (low, high), (other_low, other_high) = first, second
    if low is None or high is None or other_low is None or other_high is None:
        return Agreement.UNKNOWN
    return _agreement(low <= other_high and other_low <= high)


def _hours(first: Mapping[str, Any], second: Mapping[str, Any]) -> Agreement:
    """Shifts, where both are known; weekly hours close to each other otherwise."""
    shifts = _known(first["shift"], second["shift"])
    if shifts is not Agreement.UNKNOWN:
        return shifts
    mine, other = first["weekly_hours"], second["weekly_hours"]
    if pd.isna(mine) or pd.isna(other):
        return Agreement.UNKNOWN
    return _agreement(abs(mine - other) <= HOURS_APART)
