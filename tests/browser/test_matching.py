"""The way of a recommendation through the browser, and one slider that moves everything with it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from core.store.database import Database
from core.store.schema import AuditEvent, Placement, Referral
from core.terms import ReferralState

pytestmark = pytest.mark.browser
CHART = "[data-testid=stVegaLiteChart]"


def work_as(page: Page, name: str) -> None:
    box = page.locator(".st-key-staff input")
    box.click()
    box.fill(name)
    box.press("Enter")
    expect(page.get_by_role("button", name="推荐", exact=True)).to_be_visible(timeout=20_000)


def press(page: Page, slider: int, key: str = "ArrowRight") -> None:
    page.locator("input[type=range]").nth(slider).focus()
    page.keyboard.press(key)


def test_one_slider_moves_bars_bands_and_link_together_and_english_shows_the_same_numbers(server, window) -> None:  # type: ignore[no-untyped-def]
    found = window()
    page = found.open(f"{server.url}/matching")
    chart = page.locator(CHART).first
    expect(chart.locator("svg")).to_be_visible(timeout=20_000)
    before, shares = chart.inner_text(), page.get_by_text(re.compile("占权重")).all_inner_texts()

    press(page, 0)
    expect(chart).not_to_have_text(before, timeout=15_000)
    found.settle()

    assert page.get_by_text(re.compile("占权重")).all_inner_texts() != shares
    assert "w_skills=31" in page.url
    totals = re.findall(r"\d+\.\d", chart.inner_text())
    title = page.locator("h1").inner_text()

    again = window().open(page.url)
    expect(again.locator(f"{CHART} svg").first).to_be_visible(timeout=20_000)
    assert again.locator("h1").inner_text() == title
    english = window().open(f"{page.url}&lang=en")
    expect(english.locator(f"{CHART} svg").first).to_be_visible(timeout=20_000)
    assert re.findall(r"\d+\.\d", english.locator(CHART).first.inner_text()) == totals
    assert found.errors == []
    assert found.outside == []


def test_all_sliders_at_zero_say_what_to_do(server, window) -> None:  # type: ignore[no-untyped-def]
    codes = ("skills", "travel", "hours", "pay", "intent", "experience", "readiness")
    query = "&".join(f"w_{code}=0" for code in codes)

    page = window().open(f"{server.url}/matching?{query}")

    expect(page.get_by_text(re.compile("至少"))).to_be_visible(timeout=20_000)


def test_recommended_refused_and_hired_as_far_as_the_audit(own_server, window) -> None:  # type: ignore[no-untyped-def]
    found = window()
    page = found.open(f"{own_server.url}/matching")
    work_as(page, "王芳")
    first = page.locator("h1").inner_text()

    page.get_by_role("button", name="登记拒绝").click()
    page.locator(".st-key-match_refuse button").click()
    expect(page.locator("h1")).not_to_have_text(first, timeout=20_000)
    found.settle()

    page.get_by_role("button", name="推荐", exact=True).click()
    for step in ("面试中", "已录用", "已入职"):
        expect(page.get_by_role("button", name="推进")).to_be_visible(timeout=20_000)
        found.settle()
        box = page.locator(".st-key-match_step input")
        if not box.is_visible():  # it may still be open from the step before
            page.get_by_role("button", name="推进").click()
        box.click()
        page.get_by_role("option", name=step, exact=True).click()
        page.locator(".st-key-match_advance button").click()
        page.wait_for_timeout(800)
        found.settle()

    with Database(f"sqlite:///{own_server.database}").read() as connection:
        actions = connection.execute(
            select(AuditEvent.action).where(AuditEvent.actor == "王芳").order_by(AuditEvent.id)
        ).scalars()
        told = list(dict.fromkeys(actions))
        hired = connection.execute(
            select(Referral.person_id, Referral.job_id).where(
                Referral.staff == "王芳", Referral.state == ReferralState.STARTED
            )
        ).one()
        placed = connection.scalar(
            select(func.count()).where(Placement.person_id == hired.person_id, Placement.job_id == hired.job_id)
        )
        live = connection.scalar(
            select(func.count()).where(
                Referral.person_id == hired.person_id,
                Referral.state.in_([ReferralState.RECOMMENDED, ReferralState.INTERVIEW, ReferralState.OFFERED]),
            )
        )
    assert told == ["refuse", "recommend", "advance_referral"]
    assert placed == 1
    assert live == 0
    assert found.errors == []
