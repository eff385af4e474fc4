"""What of the enterprises leaves as a document: the board, a dossier, the decision sheet."""

from __future__ import annotations

import pandas as pd

from core.dispatch.exports.enterprise_documents import (
    DecisionRow,
    DecisionSheet,
    Dossier,
    make_decision_sheet,
    make_dossier,
)
from core.enterprises.assessment import FLAGS, EnterpriseAssessment
from core.enterprises.honest_ranks import HonestRanks, held_with_confidence
from core.enterprises.rounds.proposal import Proposal
from core.policy import Action
from core.terms import Pillar, Tier
from pages import cache
from pages.common.downloads import download_file, download_table
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["board_table", "board_workbook", "decision_sheet", "dossier"]


def board_workbook(view: View, assessments: list[EnterpriseAssessment], ranks: HonestRanks, label: str) -> None:
    """The board as a workbook: a row an enterprise; ``label`` says how it was computed."""
    least = cache.store.min_count_outside(view.revision, view.today)
    download_table(
        view,
        lambda: board_table(view, assessments, ranks, least),
        view.tr("Enterprise board"),
        Key.DOWNLOAD.of("board"),
        view.tr.sentences(label, view.tr("Counts of persons below {n} are hidden outside the bureau.", n=least)),
        action=Action.EXPORT_ENTERPRISE,
    )


def board_table(view: View, assessments: list[EnterpriseAssessment], ranks: HonestRanks, least: int) -> pd.DataFrame:
    """The rows of the workbook; counts of persons below ``least`` are hidden."""
    tr, held = view.tr, set(held_with_confidence(ranks.draws, assessments))
    place = {key: n for n, key in enumerate(ranks.draws.keys)}
    rows = []
    for own in assessments:
        n = place.get(own.key)
        people = own.target_people
        rows.append(
            {
                tr("Tier"): tr.term(own.tier) if own.is_reviewed else tr("not reviewed yet"),
                tr("Enterprise"): own.name,
                tr("Community"): own.community,
                tr("Score"): None if own.index is None else round(own.index, 1),
                tr("Interval"): "" if n is None else f"{tr.number(ranks.low[n], 1)} – {tr.number(ranks.high[n], 1)}",
                tr("Possible ranks"): "" if n is None else f"{ranks.sets.low[n]} – {ranks.sets.high[n]}",
                tr("Band"): None if n is None else ranks.band_of(own.key) + 1,
                tr("With confidence"): tr("yes") if own.key in held else tr("no"),
                tr("Points to the next tier"): None if own.points_to_next is None else round(own.points_to_next, 1),
                **{tr.term(p): None if (v := own.score.value(p)) is None else round(100 * v, 1) for p in Pillar},
                tr("people of the target group"): tr("fewer than {n} persons", n=least)
                if 0 < people < least
                else people,
                tr("Flags on file"): "；".join(tr(FLAGS[flag]) for flag in own.flags),
                tr("Last review"): own.reviewed_on,
                tr("Method"): own.rules.version,
            }
        )
    return pd.DataFrame(rows)


def dossier(view: View, own: EnterpriseAssessment, ranks: HonestRanks) -> None:
    """A button that makes the dossier of an enterprise when it is pressed."""
    tr, district = view.tr, view.district
    place = ranks.draws.keys.index(own.key) if own.key in ranks.draws.keys else None

    def make(_: str) -> bytes:
        content = Dossier(
            assessment=own,
            profile=cache.enterprises.profile(view.revision, view.today, own.key),
            interval=None if place is None else (float(ranks.low[place]), float(ranks.high[place])),
            as_of=view.today,
            district=district.name(tr.lang),
            office=district.office(tr.lang),
            is_demo=district.holds_sample,
            min_count=cache.store.min_count_outside(view.revision, view.today),
        )
        return make_dossier(content, tr)

    download_file(
        view,
        tr("Dossier as Word"),
        make,
        f"{own.name}_{view.today:%Y%m%d}.docx",
        key=Key.DOWNLOAD.of("dossier", own.key),
        action=Action.EXPORT_ENTERPRISE,
        icon=":material/description:",
    )


def decision_sheet(
    view: View, row: pd.Series, panel: list[str], proposals: list[Proposal], cases: pd.DataFrame
) -> None:
    """A button that makes the decision sheet of a round when it is pressed."""
    tr, district, by_employer = view.tr, view.district, cases.set_index("employer_id")

    def make(_: str) -> bytes:
        rows = []
        for proposal in proposals:
            case = by_employer.loc[proposal.inputs.employer_id]
            tier = None if pd.isna(case["tier"]) else Tier.of(case["tier"])
            rows.append(DecisionRow(proposal, tier, "" if pd.isna(case["reason"]) else str(case["reason"])))
        sheet = DecisionSheet(
            period=str(row["period"]),
            ends_on=row["ends_on"].date(),
            next_on=None if pd.isna(row["next_on"]) else row["next_on"].date(),
            panel=panel,
            rules=cache.enterprises.round_rules(view.revision, int(row["id"])),
            rows=rows,
            as_of=view.today,
            district=district.name(tr.lang),
            office=district.office(tr.lang),
            is_demo=district.holds_sample,
        )
        return make_decision_sheet(sheet, tr)

    download_file(
        view,
        tr("Decision sheet for signature"),
        make,
        f"{row['period']}_{view.today:%Y%m%d}.docx",
        key=Key.DOWNLOAD.of("decision_sheet", row["id"]),
        action=Action.EXPORT_ENTERPRISE,
        icon=":material/signature:",
    )
