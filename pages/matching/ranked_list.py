"""The ranked list: stacked bars with places, changes and states; a sentence each; the download."""

from __future__ import annotations

import streamlit as st

from core.matching import figures, tables
from core.matching.evidence import VERSION
from core.matching.explanation import because
from core.matching.inputs.factors import FACTORS
from core.matching.ranking.shortlist import Bucket, Kind
from pages.common.downloads import download_table
from pages.common.escape import md_escape
from pages.matching.context import PAIR, Look

__all__ = ["bars", "words"]


def bars(look: Look) -> None:
    """How everyone was sorted, and the bars; a click on one shows it in detail."""
    tr, listed = look.view.tr, look.listed
    _counts(look)
    if not len(listed.rows):
        st.info(tr("See “Not listed” below for what stands in the way."))
        return
    key = f"match_list_{look.chosen.kind.value}_{look.chosen.anchor_id}"
    look.draw(
        figures.ranked_bars(
            tables.bars(look.pool, look.found, listed, look.table, tr), look.table, "", tr, narrow=look.view.is_handheld
        ),
        tr("Ranked list with points by factor; the same as a table below"),
        key=key,
        on_select=lambda: _clicked(key, look),
        selection_mode=figures.PICK,
    )


def _clicked(chart: str, look: Look) -> None:
    """Only the pair is drawn anew."""
    picked = st.session_state[chart].selection.get(figures.PICK, [])
    rows = (int(point["row"]) for point in picked if "row" in point)
    st.session_state[look.row_key] = next((int(look.found.ids[row]) for row in rows), None)
    st.rerun(PAIR)


def words(look: Look) -> None:
    """The first ten in words, and the list as a workbook."""
    tr, listed = look.view.tr, look.listed
    table = look.table
    x, parts = look.found.profile.x, listed.parts
    told = [
        because(name, parts[:, n], x[:, row], listed.weights, tr)
        for n, (name, row) in enumerate(zip(table["name"][:10], table["row"], strict=False))
    ]
    st.markdown("\n".join(f"{n}. {md_escape(text)}" for n, text in enumerate(told, start=1)))
    download_table(
        look.view,
        lambda: tables.export_rows(look.pool, look.found, listed, table, tr).assign(**_provenance(look)),
        tr("Ranked list"),
        "match_download",
    )


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
    counts = tr(
        "**{visit}** need a visit first · **{verify}** to verify · **{out}** ruled out",
        visit=tr.number(sizes[Bucket.VISIT_FIRST]),
        verify=tr.number(sizes[Bucket.TO_VERIFY]),
        out=tr.number(sizes[Bucket.EXCLUDED]),
    )
    notes = [f":small[{md_escape(text)}]" for text in (_quota(look), _crowding(look)) if text]
    st.markdown("  \n".join([f"**{first}** · {counts}", *notes]))


def _quota(look: Look) -> str:
    tr, quota = look.view.tr, look.listed.quota
    if quota is None:
        return ""
    told = tr(
        "Quota: {reached} of at least {wanted} in hardship, {n} through the quota in place of {out}",
        reached=quota.reached,
        wanted=quota.wanted,
        n=len(quota.brought_in),
        out=tr(", ").join(look.name(int(row)) for row in quota.displaced) or "—",
    )
    return told if quota.met else tr("{told}; no more of them can be ranked", told=told)


def _crowding(look: Look) -> str:
    """How many are already on their way to this opening."""
    if look.chosen.kind is not Kind.PEOPLE:
        return ""
    tr, pool, job = look.view.tr, look.pool, look.found.anchor
    seats, under_way = int(pool.openings.seats[job]), int(pool.live_by_job[job])
    told = tr("{n} referred to this opening, {seats} seats left", n=under_way, seats=seats)
    return tr("{told}: more than can be hired", told=told) if under_way > seats else told
