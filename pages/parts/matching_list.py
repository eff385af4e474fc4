"""The ranked list: stacked bars with places, changes and states; a table twin; the download; bands under sliders."""

from __future__ import annotations

import streamlit as st

from core.matching import figures, tables
from core.matching.evidence import VERSION
from core.matching.explain import band_sentence, because
from core.matching.factors import FACTORS
from core.matching.shortlist import Bucket, Kind
from pages.parts.downloads import download_table
from pages.parts.escape import md_escape
from pages.parts.matching_look import Look

__all__ = ["fill_slots", "show"]


def show(look: Look) -> int | None:
    """Draw the list; returns the chosen candidate (the first until one is chosen), None when nobody is listed."""
    tr, listed = look.view.tr, look.listed
    table = tables.lines(look.pool, look.found, listed, look.name, tr)
    _counts(look)
    if table.empty:
        st.info(tr("See “Not listed” below for what stands in the way."))
        return None
    chart = figures.ranked_bars(
        tables.bars(look.pool, look.found, listed, table, tr),
        table,
        "",
        tr,
    )
    event = look.draw(
        chart,
        tr("Ranked list with points by factor; the same as a table below"),
        key=f"match_list_{look.chosen.kind.value}_{look.chosen.anchor_id}",
        on_select="rerun",
        selection_mode=figures.PICK,
    )
    clicked = [int(point["row"]) for point in event.selection.get(figures.PICK, []) if "row" in point]
    rows = [int(row) for row in table["row"]]
    row = _twin(look, rows, clicked)
    _sentences(look, table)
    name = tr("Ranked list")
    download_table(
        look.view,
        lambda: tables.export_rows(look.pool, look.found, listed, table, tr).assign(**_provenance(look)),
        name,
        "match_download",
    )
    return row


def _provenance(look: Look) -> dict[str, str]:
    """Columns that say with which weights, preset, day and data a sheet was made."""
    tr, chosen = look.view.tr, look.chosen
    shares = tr(", ").join(
        tr("{factor} {share}", factor=tr(factor.label), share=tr.percent(float(weight), 1))
        for factor, weight in zip(FACTORS, look.listed.weights, strict=True)
    )
    preset = tr("{name}, version {n}", name=chosen.preset.title(tr), n=chosen.preset.revision)
    data = tr("Data revision {revision}, formulas {version}", revision=look.view.revision, version=VERSION)
    return {
        tr("List for"): look.anchor_name(),
        tr("Filters"): chosen.sentence(look.view),
        tr("Weights"): shares,
        tr("Preset to compare with"): preset,
        tr("Data and method"): data,
    }


def _counts(look: Look) -> None:
    """How everyone was sorted: nobody is dropped silently."""
    tr, sizes = look.view.tr, look.listed.buckets.sizes
    first = tr("The first {k} of {n}", k=len(look.listed.rows), n=tr.number(sizes[Bucket.RANKED]))
    st.markdown(
        f"**{first}** · "
        + tr(
            "**{visit}** need a visit first · **{verify}** to verify · **{out}** ruled out",
            visit=tr.number(sizes[Bucket.VISIT_FIRST]),
            verify=tr.number(sizes[Bucket.TO_VERIFY]),
            out=tr.number(sizes[Bucket.EXCLUDED]),
        )
    )
    if look.chosen.kind is Kind.PEOPLE:
        job, pool = look.found.anchor, look.pool
        seats, under_way = int(pool.openings.seats[job]), int(pool.live_by_job[job])
        told = tr("{n} referred to this opening, {seats} seats left", n=under_way, seats=seats)
        st.caption(tr("{told}: more than can be hired", told=told) if under_way > seats else told)


def _twin(look: Look, rows: list[int], clicked: list[int]) -> int:
    """The keyboard's way to choose a line; follows a click in the chart."""
    key = f"match_row_{look.chosen.kind.value}_{look.chosen.anchor_id}"
    seen = f"{key}_clicked"
    if clicked and clicked != st.session_state.get(seen) and clicked[0] in rows:
        st.session_state[key] = clicked[0]
    st.session_state[seen] = clicked
    if st.session_state.get(key) not in rows:
        st.session_state[key] = rows[0]
    label = look.view.tr("Person in detail") if look.chosen.kind is Kind.PEOPLE else look.view.tr("Opening in detail")
    return st.selectbox(label, rows, key=key, format_func=look.label)


def _sentences(look: Look, table) -> None:  # type: ignore[no-untyped-def]
    """A plain sentence for each of the first ten."""
    tr = look.view.tr
    with st.expander(tr("In words"), expanded=True):
        x, parts = look.found.profile.x, look.listed.parts
        told = [
            because(name, parts[:, n], x[:, row], look.listed.weights, tr)
            for n, (name, row) in enumerate(zip(table["name"][:10], table["row"], strict=False))
        ]
        st.markdown("\n".join(f"{n}. {md_escape(text)}" for n, text in enumerate(told, start=1)))


def fill_slots(look: Look) -> None:
    """Under each slider: its share of all weight and the band in which the first place holds."""
    tr = look.view.tr
    for band, slot in zip(look.listed.first, look.chosen.slots, strict=True):
        share = tr("{share} of the weight", share=tr.percent(band.weight, 0))
        if not len(look.listed.rows):
            slot.caption(share)
            continue
        held = tr("first place holds from {low} to {high}", low=tr.percent(band.low), high=tr.percent(band.high))
        swaps = band.below or band.above
        told = f"  \n{md_escape(band_sentence(band, look.name, tr))}" if swaps else ""
        slot.caption(f"**{share}** · {held}{told}")
