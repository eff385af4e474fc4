"""Pay for an attended hour against the dated floor: by week, product and person, each against a hand calculation."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from core.locale import translator
from core.workshops.figures import pay_chart, pay_sentence
from core.workshops.pay import hourly_floors, paid_in_all, paid_weeks, workshop_pay

PARAMETERS = pd.DataFrame(
    {
        "key": "minimum_wage_hour",
        "since": pd.to_datetime([date(2023, 10, 1), date(2025, 10, 1)]),
        "value": [20.0, 22.0],
    }
)
TODAY = date(2025, 12, 28)
ROLL = pd.DataFrame(
    {
        "person_id": [1, 2, 3, 4],
        "form": ["full_time", "full_time", "part_time", "home_piece"],
        "monthly_pay": [2708.333, 3250.0, 1950.0, 800.0],
    }
)
NO_OUTPUT = pd.DataFrame(
    {"week": pd.to_datetime([]), "product_id": [], "made": [], "good": [], "standard_minutes": [], "piece_rate": []}
)


def reports(*rows: tuple[str, float, float | None]) -> pd.DataFrame:
    """(Monday, hours, labour cost)."""
    weeks, hours, costs = zip(*rows, strict=True)
    return pd.DataFrame({"week": pd.to_datetime(weeks), "hours": hours, "labour_cost": pd.Series(costs, dtype=float)})


def outputs(*rows: tuple[str, int, int, int, float, float]) -> pd.DataFrame:
    """(Monday, product, made, good, standard minutes, yuan a piece)."""
    table = pd.DataFrame(rows, columns=["week", "product_id", "made", "good", "standard_minutes", "piece_rate"])
    return table.assign(week=pd.to_datetime(table["week"]))


def test_the_floor_of_a_week_in_which_it_rises_is_the_mean_of_its_days() -> None:
    """1 October 2025 is a Wednesday: 2 days at 20 and 5 at 22 = 150 ÷ 7."""
    weeks = pd.Series(pd.to_datetime(["2025-09-22", "2025-09-29", "2025-10-06"]))
    assert hourly_floors(PARAMETERS, weeks).tolist() == pytest.approx([20, 150 / 7, 22])
    assert hourly_floors(PARAMETERS, pd.Series(pd.to_datetime(["2023-09-18"]))).isna().all()


def test_each_week_is_held_against_its_own_floor() -> None:
    """Three weeks of 100 h: paid 2,050 + 2,150 + 2,150 = 6,350; the floors ask for 2,000 + 2,142.86 + 2,200 = 6,342.86."""
    table = paid_weeks(
        reports(("2025-09-22", 100, 2050), ("2025-09-29", 100, 2150), ("2025-10-06", 100, 2150)),
        PARAMETERS,
        date(2025, 10, 12),
    )
    assert table["below"].tolist() == [False, False, True]
    total = paid_in_all(table)
    assert total is not None
    assert (total.paid, total.hours) == (6350, 300)
    assert total.floor == pytest.approx(6342.857 / 300, abs=1e-5)
    assert not total.is_below


def test_21_9_yuan_is_below_22_and_the_sentence_says_so() -> None:
    """73,950 yuan for 3,381.9 h are 21.87 an hour."""
    pay = workshop_pay(reports(("2025-12-22", 3381.9, 73950)), NO_OUTPUT, ROLL, PARAMETERS, TODAY)
    assert pay is not None
    assert pay.total.per_hour == pytest.approx(21.866, abs=5e-4)
    assert pay.total.is_below
    assert "■ 21.9" in pay_sentence(pay, translator("en"))
    assert "低于最低小时工资22.0元" in pay_sentence(pay, translator("zh_CN"))


def test_hours_without_pay_are_below_the_floor_and_an_unknown_cost_is_not() -> None:
    unpaid = workshop_pay(reports(("2025-12-22", 200, 0)), NO_OUTPUT, ROLL, PARAMETERS, TODAY)
    assert unpaid is not None
    assert unpaid.total.is_below
    assert "Nothing was paid for 200 hours" in pay_sentence(unpaid, translator("en"))
    assert workshop_pay(reports(("2025-12-22", 200, None)), NO_OUTPUT, ROLL, PARAMETERS, TODAY) is None
    assert workshop_pay(reports(("2025-12-22", 0, 0)), NO_OUTPUT, ROLL, PARAMETERS, TODAY) is None
    assert "not known" in pay_sentence(None, translator("en"))


def test_weeks_of_over_half_a_year_ago_say_nothing_of_today() -> None:
    assert workshop_pay(reports(("2025-06-16", 200, 0)), NO_OUTPUT, ROLL, PARAMETERS, TODAY) is None


def test_hours_and_yuan_of_the_products_add_up_to_the_weeks() -> None:
    """60 × 38 = 76 × 30 = 2,280 standard minutes: 50 h each. Pieces: 57 × 15 = 855 and 76 × 12 = 912 yuan of 1,767; of
    2,000 yuan paid these are 967.74 and 1,032.26: 19.35 and 20.65 an hour."""
    pay = workshop_pay(
        reports(("2025-12-22", 100, 2000)),
        outputs(("2025-12-22", 1, 60, 57, 38, 15), ("2025-12-22", 2, 76, 76, 30, 12)),
        ROLL,
        PARAMETERS,
        TODAY,
    )
    assert pay is not None
    products = pay.products.set_index("product_id")
    assert products["hours"].tolist() == pytest.approx([50, 50])
    assert products["paid_hour"].tolist() == pytest.approx([2000 * 855 / 1767 / 50, 2000 * 912 / 1767 / 50])
    assert products["below"].all()
    assert products["paid"].sum() == pytest.approx(pay.total.paid)
    assert products["hours"].sum() == pytest.approx(pay.total.hours)


def test_people_share_the_hours_by_form_and_home_work_stands_apart() -> None:
    """100 h a week over 40 + 40 + 24 + 24: full time 31.25 h = 135.42 a month, part time 18.75 h = 81.25. The pay on file
    adds up to what was paid, 8,708.33 a month = 2,009.62 a week: 2,708.33 yuan are 20.0 an hour, 3,250 and 1,950 are 24.0."""
    pay = workshop_pay(reports(("2025-12-22", 100, 8708.333 * 12 / 52)), NO_OUTPUT, ROLL, PARAMETERS, TODAY)
    assert pay is not None
    assert pay.people["paid_hour"].iloc[:3].tolist() == pytest.approx([20, 24, 24], abs=1e-3)
    assert pay.people["paid_hour"].isna().tolist() == [False, False, False, True]
    assert pay.on_site is not None
    assert pay.at_home is not None
    assert (pay.on_site.n, pay.on_site.below, pay.on_site.share_below) == (3, 1, pytest.approx(1 / 3))
    assert pay.on_site.median == pytest.approx(24)
    assert (pay.at_home.n, pay.at_home.median, pay.at_home.below) == (1, 800, 0)
    assert pay_chart(pay, translator("zh_CN")).to_dict()


def test_pay_of_people_adds_up_to_what_was_paid_not_to_what_is_on_file() -> None:
    """Twice the pay on file: everybody earns twice as much an hour. Nothing paid: nobody earns anything, whatever is on
    file. Someone without pay on file is not compared, and takes no part of the others' pay."""
    on_file = 8708.333 * 12 / 52
    double = workshop_pay(reports(("2025-12-22", 100, 2 * on_file)), NO_OUTPUT, ROLL, PARAMETERS, TODAY)
    nothing = workshop_pay(reports(("2025-12-22", 100, 0)), NO_OUTPUT, ROLL, PARAMETERS, TODAY)
    unknown = workshop_pay(
        reports(("2025-12-22", 100, 2000)),
        NO_OUTPUT,
        ROLL.assign(monthly_pay=[2708.333, None, 1950.0, 800.0]),
        PARAMETERS,
        TODAY,
    )
    assert double is not None
    assert nothing is not None
    assert unknown is not None
    assert double.people["paid_hour"].iloc[:3].tolist() == pytest.approx([40, 48, 48], abs=1e-3)
    assert nothing.on_site is not None
    assert (nothing.on_site.median, nothing.on_site.share_below) == (0, 1)
    assert unknown.on_site is not None
    assert unknown.on_site.n == 2
    earned = 20 * (135.4167 + 2 * 81.25)  # 20 yuan an hour for the hours of the three
    people = unknown.people.dropna(subset=["monthly_pay"])
    shared = people["monthly_pay"] * earned / people["monthly_pay"].sum()
    assert unknown.people["paid_hour"].iloc[0] == pytest.approx(shared.iloc[0] / 135.4167, rel=1e-4)


def test_a_workshop_with_nobody_on_the_roll_still_says_what_was_paid() -> None:
    pay = workshop_pay(reports(("2025-12-22", 100, 2200)), NO_OUTPUT, ROLL.iloc[:0], PARAMETERS, TODAY)
    assert pay is not None
    assert not pay.total.is_below
    assert pay.on_site is pay.at_home is None
