"""Slides say what the frozen week holds: every number of a list is the number of its rows, in both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from core.dispatch import queries
from core.dispatch.exports.deck import overflows
from core.dispatch.exports.figures_svg import fits
from core.dispatch.exports.release import released_week
from core.dispatch.frozen_rows import changed_rows, indicator_rows, watch_rows
from core.dispatch.meeting_data import ACCESS_MODE, TOP
from core.dispatch.slide_model import BarFigure, LineFigure, MapFigure, Meaning, TableFigure
from core.dispatch.slides import HIDDEN, SIDES, Week, slides_of
from core.dispatch.weeks import before, find, frozen_headers, nearest
from core.indicators.facts import as_of, load
from core.indicators.registry import INDICATORS, measure
from core.locale import Translator, translator
from core.matching.assignment.district import district, propose
from core.matching.inputs.loading import load as load_pool
from core.matching.ranking.presets import BUILT_IN
from core.matching.ranking.scoring import as_weights
from core.policy import Action
from core.store import settings
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Visit
from core.teams import queries as team_queries
from core.teams.rhythm import compute_rhythm
from core.terms import Light, VisitMode
from pages.meeting.stage import HEIGHT, NARROW, WIDE
from tests.accesses import dispatcher
from tests.stores import NOW

SUNDAY = date(2025, 12, 28)
EN, ZH = translator("en"), translator("zh_CN")


@pytest.fixture(scope="module")
def week(meeting_db: Database) -> Week:
    return week_of_store(meeting_db)


def week_of_store(db: Database) -> Week:
    with db.read() as connection:
        headers = frozen_headers(queries.headers(connection))
        last, previous = headers[0], before(headers, headers[0])
        assert previous is not None
        return Week(
            content=content(connection, last.iso_week, last.rev),
            as_of=last.as_of,
            metric_version=last.metric_version,
            previous=content(connection, previous.iso_week, previous.rev),
            previous_version=previous.metric_version,
        )


def content(connection: Any, iso_week: str, rev: int) -> dict[str, Any]:
    frozen = queries.content(connection, iso_week, rev)
    assert frozen is not None
    return frozen


def test_every_slide_says_a_finding_and_asks_a_question(week: Week) -> None:
    for tr in (EN, ZH):
        slides = slides_of(week, tr)
        assert len(slides) >= 10
        assert len({slide.code for slide in slides}) == len(slides)
        for slide in slides:
            assert slide.title
            assert slide.question
            assert slide.sources
            assert slide.minutes > 0


def test_a_figure_has_room_for_everything_that_it_says(week: Week) -> None:
    for tr in (EN, ZH):
        for slide in slides_of(week, tr):
            width = NARROW if slide.numbers else WIDE
            assert slide.figure is None or fits(slide.figure, tr, width, HEIGHT), slide.code


def test_a_workshop_that_pays_below_the_floor_or_has_nobody_to_make_for_is_not_green(week: Week) -> None:
    slide = next(s for s in slides_of(week, EN) if s.code == "workshops")
    assert isinstance(slide.figure, BarFigure)
    names = {key: EN.name(name) for key, name in week.content["names"]["workshop_id"].items()}
    shown = {
        name: series.meaning
        for series in slide.figure.series
        for name, value in zip(slide.figure.categories, series.values, strict=True)
        if value is not None
    }
    underpaid = [names[str(w["id"])] for w in week.data["workshops"] if w["is_underpaid"]]
    idle = [names[str(w["id"])] for w in week.data["workshops"] if not w["orders"] and w["on_roll"]]
    assert underpaid
    assert idle
    assert {shown[name] for name in underpaid} == {Meaning.RED}
    assert {shown[name] for name in idle} <= {Meaning.RED, Meaning.YELLOW}
    assert f"{len(underpaid)} workshops pay below" in slide.title


def test_a_week_frozen_before_pay_was_kept_still_has_its_slide(week: Week) -> None:
    kept = [{k: v for k, v in w.items() if k not in ("paid_hour", "wage_floor", "is_underpaid")}
            for w in week.data["workshops"]]  # fmt: skip
    older = replace(week, content={**week.content, "meeting": {**week.data, "workshops": kept}})
    assert any(s.code == "workshops" for s in slides_of(older, ZH))


def test_the_number_of_every_list_is_the_number_of_its_rows(week: Week, meeting_db: Database) -> None:
    with meeting_db.read() as connection:
        facts = load(connection)
    seen = set()
    for slide in slides_of(week, EN):
        for drill in slide.drills:
            seen.add(drill.kind)
            if drill.kind == "watch":
                watch = next(w for w in week.data["attention"] if w["code"] == drill.code)
                rows = watch_rows(facts, watch)
                count = len(rows.rows)
            else:
                measured = measure(facts, drill.code, SUNDAY)
                if drill.kind == "indicator":
                    rows = indicator_rows(measured, week.content, drill.side)
                else:
                    assert week.previous is not None
                    rows = changed_rows(measured, week.previous, date(2025, 12, 21), week.content)
                count = int(rows.rows["n"].sum())
            assert (slide.code, drill.label, count, rows.gone) == (slide.code, drill.label, drill.count, ())
    assert seen == {"watch", "indicator", "change"}


def test_figures_are_those_of_the_registry_on_that_day(week: Week, meeting_db: Database) -> None:
    with meeting_db.read() as connection:
        facts = load(connection)
    [headlines] = [s for s in slides_of(week, EN) if s.code == "headlines"]
    assert isinstance(headlines.figure, TableFigure)
    by_name = {EN(i.name): code for code, i in INDICATORS.items()}
    for row in headlines.figure.rows:
        measured = measure(facts, by_name[row.cells[0]], SUNDAY)
        assert row.cells[1] == measured.indicator.text(EN, measured.value)
        assert row.cells[2] == f"{EN.number(measured.numerator)} / {EN.number(measured.denominator)}"
        assert row.cells[3] == measured.indicator.change(EN, measured.change())


@pytest.mark.parametrize("tr", [EN, ZH])
@pytest.mark.parametrize("light", [Light.RED, Light.YELLOW])
def test_the_title_of_the_headlines_speaks_of_rows_of_the_table(week: Week, tr: Translator, light: Light) -> None:
    facts = [[*row[:7], row[7] and light.value, *row[8:]] for row in week.content["facts"]]
    for own in (week, replace(week, content={**week.content, "facts": facts})):
        [slide] = [slide for slide in slides_of(own, tr) if slide.code == "headlines"]
        assert isinstance(slide.figure, TableFigure)
        lights = [row.light for row in slide.figure.rows]
        count = lights.count(lights[0])
        named = [row.cells[0] for row in slide.figure.rows if row.cells[0] in slide.title]

        assert lights[0] in (Light.RED, Light.YELLOW)
        assert sum(fact["light"] is not None for fact in own.district.values()) == sum(map(bool, lights))
        assert slide.title.startswith(str(count))
        assert named == [row.cells[0] for row in slide.figure.rows][: min(count, 3)]
        assert (str(count - 3) in slide.title.removeprefix(str(count))) == (count > 3)
        assert "…" not in slide.title


def test_a_row_entered_later_shows_in_the_store_but_not_on_the_slide(meeting_copy: Database) -> None:
    first = slides_of(week_of_store(meeting_copy), EN)
    with command(meeting_copy, actor=dispatcher("李明"), action=Action.EDIT_PERSON, at=NOW) as change:
        for person in range(1, 40):
            change.add(Visit(person_id=person, visited_on=date(2025, 12, 27), mode=VisitMode.DOOR, visitor="李明"))

    assert slides_of(week_of_store(meeting_copy), EN) == first


def test_a_corrected_row_is_named_on_the_frozen_list(week: Week, meeting_db: Database) -> None:
    with meeting_db.read() as connection:
        measured = measure(load(connection), "re_employment", SUNDAY)
    fewer = replace(measured, numerator_rows=measured.numerator_rows.iloc[1:])

    rows = indicator_rows(fewer, week.content, "numerator")

    assert len(rows.gone) == 1
    assert len(rows.rows) + 1 == measured.numerator


def test_weeks_of_different_definitions_are_not_compared(week: Week) -> None:
    other = replace(week, previous_version="2024-9")

    slides = {slide.code: slide for slide in slides_of(other, ZH)}

    assert "changes" not in slides
    assert isinstance(slides["headlines"].figure, TableFigure)
    assert all("口径变更，不可比" in row.cells for row in slides["headlines"].figure.rows)


def test_a_first_week_has_nothing_to_compare_with(week: Week) -> None:
    first = replace(week, previous=None, previous_version=None)

    slides = {slide.code: slide for slide in slides_of(first, EN)}

    assert "changes" not in slides
    assert isinstance(slides["headlines"].figure, TableFigure)
    assert all(row.cells[3] == "—" for row in slides["headlines"].figure.rows)


def test_a_line_chart_has_a_value_a_week(week: Week) -> None:
    figures = [s.figure for s in slides_of(week, EN) if isinstance(s.figure, LineFigure)]
    assert figures
    for figure in figures:
        assert {len(series.values) for series in figure.series} == {len(figure.days)} == {52}


def test_no_small_count_by_community_leaves_the_bureau(week: Week) -> None:
    for tr in (EN, ZH):
        for slide in slides_of(released_week(week), tr):
            if slide.code in ("visits", "posts-ending") and isinstance(slide.figure, BarFigure):
                for series in slide.figure.series:
                    assert all(value is None or value == 0 or value >= 5 for value in series.values)
    inside = slides_of(week, EN)
    outside = slides_of(released_week(week), EN)
    assert [s.code for s in inside] == [s.code for s in outside]
    assert inside != outside  # the sample has small counts


def test_few_rows_that_entered_or_left_do_not_leave_the_bureau(week: Week) -> None:
    released = released_week(week)
    few = {key for key, moves in week.moves.items() if any(0 < n < released.min_count for n in moves)}
    [slide] = [s for s in slides_of(released, EN) if s.code == "changes"]
    assert isinstance(slide.figure, TableFigure)
    names = {EN(indicator.name): code for code, indicator in INDICATORS.items()}

    assert few == released.hidden_moves  # the counts of both weeks are published: one side gives the other
    for row in slide.figure.rows:
        for side, cell in zip(SIDES, row.cells[-2:], strict=True):
            assert (cell == HIDDEN) == ((names[row.cells[0]], side) in few)
    leads_with_few = any((names[slide.figure.rows[0].cells[0]], side) in few for side in SIDES)
    assert ("rows that entered or left" in slide.title) != leads_with_few


def test_every_slide_with_a_hidden_count_says_how_far_it_can_be_narrowed_down(week: Week) -> None:
    released = released_week(week)
    sentence = f"can narrow no hidden count down to fewer than {int(released.narrowest) + 1} values"
    slides = {slide.code: slide for slide in slides_of(released, EN)}

    assert released.narrowest >= released.min_count
    hides = {code for code, slide in slides.items() if HIDDEN in repr(slide.figure)}
    assert {"changes", "visits"} <= hides
    assert {code for code, slide in slides.items() if sentence in slide.sources} >= hides
    assert not any("hidden" in slide.sources for slide in slides_of(week, EN))
    assert overflows(list(slides.values()), EN) == overflows(slides_of(released, ZH), ZH) == []


def test_the_map_outside_shows_no_community_with_few_seekers(week: Week) -> None:
    access = week.data["access"]
    first = access["regions"][0]
    regions = [{**first, "is_released": False}, *access["regions"][1:]]
    secret = replace(week, content={**week.content, "meeting": {**week.data, "access": {**access, "regions": regions}}})

    figures = [s.figure for s in slides_of(released_week(secret), EN) if s.code == "map"]
    inside = [s.figure for s in slides_of(secret, EN) if s.code == "map"]

    assert isinstance(figures[0], MapFigure)
    assert isinstance(inside[0], MapFigure)
    assert figures[0].regions[0].text == HIDDEN
    assert figures[0].regions[0].step is None
    assert inside[0].regions[0].text != HIDDEN
    assert all(region["is_released"] for region in access["regions"])


def test_the_rhythm_of_the_teams_is_that_of_their_page_and_leaves_without_small_counts(
    week: Week, meeting_db: Database
) -> None:
    with meeting_db.read() as connection:
        facts = as_of(load(connection), week.as_of)
        meetings, homes = team_queries.meetings(connection), team_queries.homes_by_grid(connection)
        table = compute_rhythm(facts, meetings, homes, settings.parameters(connection), week.as_of)
    rows = week.data["teams"]
    assert [row[1:] for row in rows] == [[int(r.met_last_week), r.met, r.visited, r.listed] for r in table.itertuples()]
    slide = next(slide for slide in slides_of(week, ZH) if slide.code == "teams")
    assert isinstance(slide.figure, TableFigure)
    assert len(slide.figure.rows) + slide.figure.omitted == len(rows)

    outside = released_week(week)
    for row, shown in zip(rows, outside.data["teams"], strict=True):
        assert shown[:3] == row[:3]
        assert shown[3:] in (row[3:], [None, None])
        if 0 < row[3] < outside.min_count or 0 < row[4] - row[3] < outside.min_count:
            assert shown[3:] == [None, None]
    data = {name: section for name, section in week.data.items() if not name.startswith("teams")}
    before = replace(week, content={**week.content, "meeting": data})
    assert "teams" not in {slide.code for slide in slides_of(before, ZH)}


def test_a_table_of_openings_says_how_many_more_are_not_full(week: Week, meeting_db: Database) -> None:
    with meeting_db.read() as connection:
        pool = load_pool(connection, week.as_of)
    mask = pool.people_mask(ending_too=False)
    proposal = propose(district(pool, ACCESS_MODE), as_weights(BUILT_IN[0].weights), people_mask=mask)
    filled = np.bincount([job for _, job in proposal.optimum.pairs], minlength=len(proposal.seats))
    unfilled = int((proposal.seats > filled).sum())
    assert unfilled > TOP

    for shown in (week, released_week(week)):
        [slide] = [slide for slide in slides_of(shown, EN) if slide.code == "openings"]
        assert isinstance(slide.figure, TableFigure)
        assert len(slide.figure.rows) + slide.figure.omitted == unfilled

    own = {name: value for name, value in week.data["assignment"].items() if name not in ("mode", "unfilled")}
    earlier = replace(week, content={**week.content, "meeting": {**week.data, "assignment": own}})
    [slide] = [slide for slide in slides_of(earlier, EN) if slide.code == "openings"]
    assert isinstance(slide.figure, TableFigure)
    assert slide.figure.omitted == 0  # the total of a week frozen earlier is not known


@pytest.mark.parametrize(
    ("tr", "settings_said"),
    [(EN, ("by e-bike", "seats on site and at home together")), (ZH, ("骑电动车", "到岗与居家空缺合并"))],
)
def test_the_slide_of_openings_says_by_which_settings_it_counts(
    week: Week, tr: Translator, settings_said: tuple[str, ...]
) -> None:
    [slide] = [slide for slide in slides_of(week, tr) if slide.code == "openings"]
    assert week.data["assignment"]["mode"] == ACCESS_MODE.value
    assert all(said in slide.sources for said in settings_said)


def test_the_nearest_frozen_week_is_shown_for_one_that_is_not(meeting_db: Database) -> None:
    with meeting_db.read() as connection:
        headers = frozen_headers(queries.headers(connection))

    assert find(headers, "2025-W40") is None
    assert find(headers, "2025-W52", rev=2) is None
    assert [nearest(headers, day).iso_week for day in (date(2025, 1, 5), date(2026, 3, 1))] == ["2025-W50", "2025-W52"]  # type: ignore[union-attr]
    assert nearest([], SUNDAY) is None
