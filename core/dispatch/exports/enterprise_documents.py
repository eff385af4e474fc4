"""Documents about enterprises: the dossier of one, the decision sheet of a review round for signature.

make_dossier(dossier, tr), make_decision_sheet(sheet, tr)      # DOCX bytes; the same for the same arguments
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from docx import Document
from pptx.enum.chart import XL_CHART_TYPE

from core.dispatch.exports import style, word
from core.dispatch.exports.fixed_zip import fixed_zip
from core.dispatch.slide_model import Meaning
from core.enterprises.assessment import FLAGS, EnterpriseAssessment
from core.enterprises.figures import SOURCES
from core.enterprises.profile import Profile, profile_lines
from core.enterprises.rounds.proposal import GROUNDS, Proposal
from core.enterprises.score import FLOOR
from core.locale import Translator
from core.terms import Tier

__all__ = ["DecisionRow", "DecisionSheet", "Dossier", "make_decision_sheet", "make_dossier"]


@dataclass(frozen=True)
class Dossier:
    """One enterprise as on ``as_of``; counts of persons below ``min_count`` are hidden. ``interval``: Q5 and Q95."""

    assessment: EnterpriseAssessment
    profile: Profile
    interval: tuple[float, float] | None
    as_of: date
    district: str
    office: str
    is_demo: bool
    min_count: int


def make_dossier(dossier: Dossier, tr: Translator) -> bytes:
    """Tier and score with the hand calculation, pillars by source, scores over time, people and products, reviews."""
    own = dossier.assessment
    document = _document(
        dossier.district, dossier.office, dossier.as_of, tr, is_demo=dossier.is_demo, is_landscape=False
    )
    document.add_heading(tr("Enterprise dossier: {name}", name=tr.name(own.name)), 0)
    document.add_paragraph(_standing(dossier, tr))
    if own.flags:
        document.add_paragraph("⚑ " + "；".join(tr(FLAGS[flag]) for flag in own.flags))
    if own.index is not None:
        document.add_heading(tr("Score"), 1)
        document.add_paragraph(hand_calculation(own, tr))
        _pillars(document, own, tr)
    if len([p for p in own.history if p.index is not None]) > 1:
        _over_time(document, own, tr)
    document.add_heading(tr("People and products"), 1)
    lines = profile_lines(dossier.profile, tr, dossier.min_count)
    word.add_table(document, (tr("Figure"), tr("Today")), [[word.Cell(a), word.Cell(b)] for a, b in lines], (8.0, 8.0))
    if own.history:
        _reviews(document, own, tr)
    return _saved(document, tr("Enterprise dossier: {name}", name=own.name), dossier.as_of, tr)


def hand_calculation(own: EnterpriseAssessment, tr: Translator) -> str:
    """100 × Π P^w with its numbers: what the badge says."""
    powers = [
        max(p.value or 0.0, FLOOR) ** own.rules.weights[p.pillar]
        for p in own.score.pillars
        if own.rules.weights[p.pillar] > 0
    ]
    return f"100 × {' × '.join(f'{p:.4f}' for p in powers)} = {tr.number(own.index or 0.0, 1)}"


def _standing(dossier: Dossier, tr: Translator) -> str:
    """Tier, score, interval and day of the review in a sentence."""
    own = dossier.assessment
    if not own.is_reviewed or own.reviewed_on is None:
        return tr("Not reviewed yet, in no tier")
    tier, day = tr.term(own.tier), tr.day(own.reviewed_on)
    if own.index is None:
        return tr("{tier}; not rated at the review of {day}", tier=tier, day=day)
    text = tr("{tier}; {score} points at the review of {day}", tier=tier, score=tr.number(own.index, 1), day=day)
    if dossier.interval is not None:
        low, high = (tr.number(v, 1) for v in dossier.interval)
        text += " · " + tr("interval {low} to {high}", low=low, high=high)
    return text


def _pillars(document: Any, own: EnterpriseAssessment, tr: Translator) -> None:
    """Pillars by source as a native chart and as a table."""
    parts = own.score.pillars
    series: dict[str, list[float | None]] = {
        tr.term(source): [None if (v := p.sources[source]) is None else 100 * v for p in parts] for source in SOURCES
    }
    word.add_chart(
        document,
        XL_CHART_TYPE.COLUMN_CLUSTERED,
        [tr.term(p.pillar) for p in parts],
        series,
        [colour for colour, _ in SOURCES.values()],
        alt=tr("Pillars of {name} by source", name=own.name),
        limits=(0, 100),
    )
    heads = (tr("Pillar"), *series, tr("Counted"), tr("Weight"))
    rows = [
        [
            word.Cell(tr.term(p.pillar)),
            *(word.Cell("–" if (v := p.sources[s]) is None else tr.number(100 * v, 1)) for s in SOURCES),
            word.Cell("–" if p.value is None else tr.number(100 * p.value, 1)),
            word.Cell(tr.percent(own.rules.weights[p.pillar])),
        ]
        for p in parts
    ]
    word.add_table(document, heads, rows, (3.2, 2.8, 2.8, 2.8, 2.2, 2.2))


def _over_time(document: Any, own: EnterpriseAssessment, tr: Translator) -> None:
    document.add_heading(tr("Scores over time"), 1)
    known = [p for p in own.history if p.index is not None]
    word.add_chart(
        document,
        XL_CHART_TYPE.LINE_MARKERS,
        [p.reviewed_on.isoformat() for p in known],
        {tr("Score"): [p.index for p in known]},
        [style.colour(Meaning.MAIN)],
        alt=tr("Scores over time"),
        height=5.5,
        limits=(0, 100),
    )


def _reviews(document: Any, own: EnterpriseAssessment, tr: Translator) -> None:
    document.add_heading(tr("Reviews"), 1)
    rows = [
        [
            word.Cell(p.reviewed_on.isoformat()),
            word.Cell("–" if p.index is None else tr.number(p.index, 1)),
            word.Cell(tr.term(p.tier)),
            word.Cell(tr.term(p.cause)),
            word.Cell(p.reason),
            word.Cell(p.decided_by),
            word.Cell(p.method),
        ]
        for p in reversed(own.history)
    ]
    heads = (tr("Day"), tr("Score"), tr("Tier"), tr("Cause"), tr("Reason"), tr("Decided by"), tr("Method"))
    word.add_table(document, heads, rows, (2.4, 1.6, 1.8, 2.2, 4.0, 2.2, 1.8))


# -- the decision sheet ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class DecisionRow:
    """One enterprise on the sheet: what was proposed and what was decided (None: not yet)."""

    proposal: Proposal
    tier: Tier | None
    reason: str


@dataclass(frozen=True)
class DecisionSheet:
    """A review round for signature."""

    period: str
    ends_on: date
    next_on: date | None
    panel: Sequence[str]
    rules: str  # version
    rows: Sequence[DecisionRow]
    as_of: date
    district: str
    office: str
    is_demo: bool


def make_decision_sheet(sheet: DecisionSheet, tr: Translator) -> bytes:
    """One line an enterprise, best first, and a place for each signature."""
    document = _document(sheet.district, sheet.office, sheet.as_of, tr, is_demo=sheet.is_demo, is_landscape=True)
    title = tr("Decision sheet of the enterprise review {period}", period=sheet.period)
    document.add_heading(title, 0)
    facts = [
        tr("Period to {day}", day=tr.day(sheet.ends_on)),
        tr("rules {version}", version=sheet.rules),
        tr("panel: {names}", names="、".join(sheet.panel)),
    ]
    if sheet.next_on is not None:
        facts.append(tr("next review {day}", day=tr.day(sheet.next_on)))
    document.add_paragraph(" · ".join(facts))
    separator = "; " if tr.is_english else "；"
    rows = []
    for nth, row in enumerate(
        sorted(sheet.rows, key=lambda r: (r.proposal.score.index is None, -(r.proposal.score.index or 0.0))), 1
    ):
        proposal = row.proposal
        rows.append(
            [
                word.Cell(str(nth)),
                word.Cell(tr.name(proposal.inputs.name)),
                word.Cell(tr("not rated") if proposal.score.index is None else tr.number(proposal.score.index, 1)),
                word.Cell("–" if proposal.inputs.tier is None else tr.term(proposal.inputs.tier)),
                word.Cell(tr.term(proposal.tier)),
                word.Cell(separator.join(tr(GROUNDS[g]) for g in proposal.grounds)),
                word.Cell("" if row.tier is None else tr.term(row.tier), is_bold=row.tier is not proposal.tier),
                word.Cell(row.reason),
                word.Cell("、".join(proposal.inputs.excluded)),
            ]
        )
    heads = (
        tr("No."),
        tr("Enterprise"),
        tr("Score"),
        tr("Tier on file"),
        tr("Proposed"),
        tr("Grounds"),
        tr("Decided"),
        tr("Reason"),
        tr("Conflict of interest"),
    )
    word.add_table(document, heads, rows, (1.0, 4.2, 1.6, 1.8, 1.8, 6.0, 1.8, 4.0, 2.4))
    document.add_heading(tr("Signatures"), 1)
    signatures = [[word.Cell(name), word.Cell(""), word.Cell("")] for name in (*sheet.panel, tr("Leader in charge"))]
    word.add_table(document, (tr("Name"), tr("Signature"), tr("Date")), signatures, (6.0, 9.0, 5.0))
    return _saved(document, title, sheet.as_of, tr)


def _document(district: str, office: str, as_of: date, tr: Translator, *, is_demo: bool, is_landscape: bool) -> Any:
    document = Document()
    marks = [tr("Demonstration data")] * is_demo
    header = " · ".join([*marks, district, office, tr("As of {day}.", day=tr.day(as_of))])
    word.set_page(document, header, is_landscape=is_landscape)
    word.set_styles(document, tr)
    return document


def _saved(document: Any, title: str, as_of: date, tr: Translator) -> bytes:
    about = document.core_properties
    about.title, about.author, about.comments = title, "", ""
    about.created = about.modified = datetime.combine(as_of, time())
    about.language = word.LANG[tr.lang]
    out = io.BytesIO()
    document.save(out)
    return fixed_zip(out.getvalue(), as_of)
