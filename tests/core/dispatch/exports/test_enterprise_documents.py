"""The dossier of an enterprise and the decision sheet: what they say equals the board; small counts stay inside."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest
from docx import Document
from lxml import etree

from core.dispatch.exports.enterprise_documents import (
    DecisionRow,
    DecisionSheet,
    Dossier,
    hand_calculation,
    make_decision_sheet,
    make_dossier,
)
from core.enterprises.assessment import EnterpriseAssessment, assess_enterprises
from core.enterprises.loading import load
from core.enterprises.profile import load_rows, profile_of
from core.enterprises.rounds.proposal import CaseInputs, propose
from core.enterprises.rules import BUILT_IN
from core.enterprises.tiers import UNPLACED
from core.locale import translator
from core.store import settings
from core.store.database import Database
from core.terms import Pillar, Tier
from tests.core.workshops.factories import TODAY, fill


@pytest.fixture
def dossiers(db: Database) -> list[Dossier]:
    fill(db)
    with db.read() as c:
        ledger, rows, parameters = load(c, TODAY), load_rows(c), settings.parameters(c)
    return [
        Dossier(own, profile_of(ledger, rows, own.key, TODAY), (60.0, 80.0), TODAY, "示范区", "就业部", True, 5)
        for own in assess_enterprises(ledger, parameters, TODAY)
    ]


def texts(data: bytes) -> str:
    document = Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def badge(own: EnterpriseAssessment) -> str:
    return translator("zh_CN").number(own.index or 0.0, 1)


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_a_dossier_says_what_the_board_says_and_carries_native_charts(dossiers: list[Dossier], lang: str) -> None:
    tr = translator(lang)
    for dossier in dossiers[:2]:
        data = make_dossier(dossier, tr)
        assert data == make_dossier(dossier, tr)
        text = texts(data)
        assert hand_calculation(dossier.assessment, tr).endswith(f"= {badge(dossier.assessment)}")
        assert badge(dossier.assessment) in text
        archive = zipfile.ZipFile(io.BytesIO(data))
        charts = [name for name in archive.namelist() if name.startswith("word/charts/chart")]
        assert len(charts) == 2
        values = etree.fromstring(archive.read(charts[0])).iter("{*}v")
        assert any(v.text for v in values)
        assert sum(name.startswith("word/embeddings/") for name in archive.namelist()) == 2


def test_counts_below_five_do_not_leave_in_a_dossier(dossiers: list[Dossier]) -> None:
    small = next(d for d in dossiers if 0 < d.profile.target < 5)
    text = texts(make_dossier(small, translator("zh_CN")))
    assert "少于5人" in text


def test_a_decision_sheet_has_a_line_an_enterprise_and_a_place_for_each_signature() -> None:
    case = CaseInputs(
        employer_id=1, name="钩织坊", monitoring={}, panel={p: {"甲": 0.8, "乙": 0.8, "丙": 0.9} for p in Pillar},
        third=dict.fromkeys(Pillar, 0.8), breaches=(), excluded=("丁",), tier=None, before=UNPLACED,
    )  # fmt: skip
    [proposal] = propose([case], BUILT_IN)
    sheet = DecisionSheet(
        period="2026H1", ends_on=date(2026, 6, 20), next_on=None, panel=("甲", "乙", "丙", "丁"), rules="2024-1",
        rows=[DecisionRow(proposal, Tier.GROWTH, "现场核实")], as_of=date(2026, 6, 25), district="示范区",
        office="就业部", is_demo=False,
    )  # fmt: skip
    text = texts(make_decision_sheet(sheet, translator("zh_CN")))
    assert proposal.score.index is not None
    for part in ("钩织坊", f"{proposal.score.index:.1f}", "骨干", "成长", "现场核实", "首次评级", "签字"):
        assert part in text
    assert len(Document(io.BytesIO(make_decision_sheet(sheet, translator("zh_CN")))).tables[1].rows) == 6
