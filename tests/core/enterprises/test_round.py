"""A review round from opening to frozen result, and that it can be computed again under its own rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from math import nextafter
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select, update

from core.enterprises import queries
from core.enterprises.assessment import EnterpriseAssessment, assess_enterprises
from core.enterprises.loading import load
from core.enterprises.rounds import commands as round_commands
from core.enterprises.rounds.commands import Compliance, Refused, ThirdParty
from core.enterprises.rounds.proposal import CaseInputs, Ground, is_reproduced, propose, third_party_counts
from core.enterprises.rules import BUILT_IN, Rules
from core.policy import Action
from core.store import settings
from core.store.commands import Conflict, command
from core.store.database import Database
from core.store.schema import Placement, ReviewCase, ReviewRound, TierRules
from core.terms import EvidenceSource, Pillar, RoundState, Tier, TierCause
from tests.accesses import enterprise_officer
from tests.core.workshops.factories import fill

ENDS, NEXT = date(2026, 6, 20), date(2026, 12, 20)
AT = datetime(2026, 6, 22, 1, 0, tzinfo=UTC)
PANEL = ("评委甲", "评委乙", "评委丙", "评委丁")


@pytest.fixture
def filled(db: Database) -> Database:
    fill(db)
    return db


def act(db: Database, step: Callable[..., Any], *args: Any, actor: str = "李明", **options: Any) -> Any:
    with command(db, actor=enterprise_officer(actor), action=Action.RUN_REVIEW, at=AT) as change:
        return step(change, *args, **options)


def version(db: Database, table: type[Any], key: int) -> int:
    with db.read() as c:
        return int(c.execute(select(table.version).where(table.id == key)).scalar_one())


def case_ids(db: Database, round_id: int) -> list[int]:
    with db.read() as c:
        cases = queries.cases(c)
    return [int(k) for k in cases.loc[cases["round_id"] == round_id, "id"]]


def employers(db: Database) -> list[int]:
    with db.read() as c:
        return [int(k) for k in queries.enterprises(c)["id"]]


def board(db: Database, today: date = date(2026, 6, 25)) -> dict[int, EnterpriseAssessment]:
    with db.read() as c:
        return {a.key: a for a in assess_enterprises(load(c, today), settings.parameters(c), today)}


def opened(db: Database) -> int:
    return int(act(db, round_commands.open_round, "2026H1", ENDS, PANEL, employers(db), AT.date()))


def scored(db: Database, shift: float = 0.0) -> int:
    """A round whose fourth judge has a conflict of interest in the first enterprise; the third has a valid assessment each
    but the second.
    """
    key = opened(db)
    cases = case_ids(db, key)
    act(db, round_commands.exclude_judge, cases[0], PANEL[3], "亲属在企业任职")
    for n, case in enumerate(cases):
        for k, judge in enumerate(PANEL[: 3 if n == 0 else 4]):
            marks = {p: min(0.6 + 0.06 * n + 0.02 * k + shift, 1.0) for p in Pillar}
            act(db, round_commands.mark, case, marks, actor=judge)
        if n != 1:
            third = ThirdParty(
                "第三方", date(2026, 6, 1), date(2026, 12, 31), "", dict.fromkeys(Pillar, 0.61 + 0.06 * n)
            )
            act(db, round_commands.record_third_party, case, third, version(db, ReviewCase, case))
    act(db, round_commands.close_scoring, key, version(db, ReviewRound, key))
    return key


def proposed(db: Database) -> int:
    key = scored(db)
    act(db, round_commands.propose_tiers, key, version(db, ReviewRound, key))
    return key


def frozen(db: Database) -> int:
    key = proposed(db)
    for step in (round_commands.close_decisions, lambda c, k, v: round_commands.freeze_round(c, k, NEXT, v)):
        act(db, step, key, version(db, ReviewRound, key))
    return key


def content(db: Database, key: int) -> ReviewRound:
    with db.write() as session:
        row = session.get(ReviewRound, key)
        session.expunge(row)
        return row


# -- the steps -----------------------------------------------------------------------------------------


def test_while_a_round_is_open_a_judge_sees_their_own_marks_alone(filled: Database) -> None:
    case = case_ids(filled, opened(filled))[0]
    for judge in PANEL[:2]:
        act(filled, round_commands.mark, case, {Pillar.JOBS: 0.5}, actor=judge)
    with filled.read() as c:
        assert set(queries.marks(c, PANEL[0])["judge"]) == {PANEL[0]}
        assert queries.marks(c, None).empty
        assert list(queries.marks_given(c)["n"]) == [1, 1]
    key = 1
    act(filled, round_commands.close_scoring, key, version(filled, ReviewRound, key), accept_incomplete=True)
    with filled.read() as c:
        assert set(queries.marks(c, "someone else")["judge"]) == set(PANEL[:2])


def test_a_judge_with_a_conflict_of_interest_marks_nothing_and_moves_nothing(filled: Database) -> None:
    key = opened(filled)
    case = case_ids(filled, key)[0]
    for k, judge in enumerate(PANEL):
        act(filled, round_commands.mark, case, dict.fromkeys(Pillar, 0.5 + 0.1 * k), actor=judge)
    act(filled, round_commands.exclude_judge, case, PANEL[3], "持股")
    with pytest.raises(Refused, match="excluded"):
        act(filled, round_commands.mark, case, {Pillar.JOBS: 1.0}, actor=PANEL[3])
    act(filled, round_commands.close_scoring, key, version(filled, ReviewRound, key), accept_incomplete=True)
    first = act(filled, round_commands.propose_tiers, key, version(filled, ReviewRound, key))[0]
    spread = first.inputs.spreads()[Pillar.JOBS]
    assert (spread.median, spread.low, spread.high, spread.n) == (0.6, 0.5, pytest.approx(0.7), 3)
    assert first.inputs.excluded == (PANEL[3],)


@pytest.mark.parametrize(
    ("period", "judges", "ends_on", "code"),
    [
        ("2026H1", PANEL[:2], ENDS, "few_judges"),
        ("2026H1", [PANEL[0]] * 4, ENDS, "few_judges"),
        (" ", PANEL, ENDS, "no_period"),
        ("2026H1", PANEL, date(2027, 1, 1), "future"),
        ("2025H2", PANEL, date(2025, 12, 20), "reviewed"),
    ],
)
def test_a_round_that_does_not_fit_is_not_opened(
    filled: Database, period: str, judges: list[str], ends_on: date, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        act(filled, round_commands.open_round, period, ends_on, judges, employers(filled), AT.date())


def test_steps_come_in_order_and_with_the_version_that_was_seen(filled: Database) -> None:
    key = opened(filled)
    with pytest.raises(Refused, match="state"):
        act(filled, round_commands.propose_tiers, key, 1)
    with pytest.raises(Refused, match="incomplete"):
        act(filled, round_commands.close_scoring, key, 1)
    with pytest.raises(Refused, match="not_on_panel"):
        act(filled, round_commands.mark, case_ids(filled, key)[0], {Pillar.JOBS: 0.5}, actor="外人")
    act(filled, round_commands.close_scoring, key, 1, accept_incomplete=True)
    with pytest.raises(Conflict):
        act(filled, round_commands.propose_tiers, key, 1)
    act(filled, round_commands.reopen_scoring, key, 2, "补打分")
    assert content(filled, key).state is RoundState.OPEN


def test_a_decision_that_differs_from_the_proposal_needs_a_reason_and_a_breach_leaves_no_choice(
    filled: Database,
) -> None:
    key = scored(filled)
    cases = case_ids(filled, key)
    with pytest.raises(Refused, match="reason"):
        act(filled, round_commands.record_compliance, cases[2], Compliance({"wage_arrears"}, " "), 2)
    act(filled, round_commands.record_compliance, cases[2], Compliance({"wage_arrears"}, "劳动监察决定书"), 2)
    proposals = act(filled, round_commands.propose_tiers, key, version(filled, ReviewRound, key))
    assert proposals[2].tier is Tier.WATCH
    assert proposals[2].grounds == (Ground.BREACH,)
    other = Tier.LEADER if proposals[3].tier is not Tier.LEADER else Tier.GROWTH
    with pytest.raises(Refused, match="reason"):
        act(filled, round_commands.decide, cases[3], other, " ", version(filled, ReviewCase, cases[3]))
    with pytest.raises(Refused, match="gate"):
        act(filled, round_commands.decide, cases[2], Tier.GROWTH, "从宽", version(filled, ReviewCase, cases[2]))
    act(filled, round_commands.decide, cases[3], other, "现场核实", version(filled, ReviewCase, cases[3]))
    for step in (round_commands.close_decisions, lambda c, k, v: round_commands.freeze_round(c, k, NEXT, v)):
        act(filled, step, key, version(filled, ReviewRound, key))
    after = board(filled)
    decided = after[proposals[3].inputs.employer_id].history[-1]
    assert (decided.tier, decided.cause, decided.reason, decided.decided_by) == (
        other, TierCause.MANUAL, "现场核实", "李明",
    )  # fmt: skip
    assert after[proposals[2].inputs.employer_id].history[-1].cause is TierCause.GATE


def test_scoring_that_is_opened_again_drops_proposal_and_decisions_and_counts_no_excluded_judge(
    filled: Database,
) -> None:
    key = proposed(filled)
    cases = case_ids(filled, key)
    proposal = content(filled, key).results[1]["after"]["level"]
    act(filled, round_commands.decide, cases[1], list(Tier)[proposal], "", version(filled, ReviewCase, cases[1]))
    act(filled, round_commands.reopen_scoring, key, version(filled, ReviewRound, key), "补充回避")
    kept = content(filled, key)
    assert (kept.state, kept.results, kept.reopened_for) == (RoundState.OPEN, None, "补充回避")
    with filled.read() as c:
        assert queries.cases(c)["decided_by"].isna().all()
    for judge in PANEL[:2]:
        act(filled, round_commands.exclude_judge, cases[1], judge, "持股")
    with pytest.raises(Refused, match="incomplete"):
        act(filled, round_commands.close_scoring, key, version(filled, ReviewRound, key))


# -- what it gives --------------------------------------------------------------------------------------


def test_the_board_from_rows_is_the_frozen_result(filled: Database) -> None:
    key = frozen(filled)
    results = {r["employer_id"]: r for r in content(filled, key).results}
    after = board(filled)
    assert len(results) == 5
    for employer, result in results.items():
        own = after[employer]
        assert own.index == pytest.approx(result["index"], abs=1e-9)
        assert (own.standing.level, own.standing.up, own.standing.down) == tuple(
            result["after"][k] for k in ("level", "up", "down")
        )
        by_hand = 100 * np.prod([max(p.value or 0, 0.01) ** (1 / 6) for p in own.score.pillars])
        assert by_hand == pytest.approx(result["index"])
        assert (own.reviewed_on, own.next_review_on) == (ENDS, NEXT)
    assert not board(filled)[employers(filled)[1]].score.has_third_party


def test_a_past_period_under_its_own_rules_gives_the_same_result(filled: Database) -> None:
    key = frozen(filled)
    kept, before = content(filled, key), board(filled)
    with filled.write() as session:  # other rows and other rules, as if they had held then
        session.execute(update(Placement).values(monthly_pay=Placement.monthly_pay + 2000))
        other = Rules(thresholds=(50, 60, 70, 80), min_judges=4, version="2026-2")
        session.add(TierRules(since=ENDS, content=other.to_json(), reason="试", author="李明"))
    assert is_reproduced(kept.inputs, kept.rules, kept.results)
    assert not is_reproduced(kept.inputs, other.to_json(), kept.results)
    rated = next(n for n, result in enumerate(kept.results) if result["index"] is not None)

    def with_index(index: float) -> list[dict[str, Any]]:
        return [{**result, "index": index} if n == rated else result for n, result in enumerate(kept.results)]

    # another processor may compute another last bit; another score is another result
    assert is_reproduced(kept.inputs, kept.rules, with_index(nextafter(kept.results[rated]["index"], 100)))
    assert not is_reproduced(kept.inputs, kept.rules, with_index(kept.results[rated]["index"] + 0.001))
    assert not is_reproduced(kept.inputs, kept.rules, kept.results[1:])
    after = board(filled)
    assert {k: (a.index, a.tier, a.standing) for k, a in after.items()} == {
        k: (a.index, a.tier, a.standing) for k, a in before.items()
    }


def test_inputs_survive_as_json_and_the_order_of_judges_changes_nothing(filled: Database) -> None:
    key = proposed(filled)
    inputs = [CaseInputs.from_json(i) for i in json.loads(json.dumps(content(filled, key).inputs))]
    turned = [
        CaseInputs(**{**vars(i), "panel": {p: dict(reversed(list(g.items()))) for p, g in i.panel.items()}})
        for i in inputs
    ]
    again, other = propose(inputs, BUILT_IN), propose(turned, BUILT_IN)
    assert [p.to_json() for p in again] == content(filled, key).results
    assert [p.to_json() for p in other] == content(filled, key).results


def test_without_a_valid_assessment_growth_is_the_highest_and_the_ground_says_so(filled: Database) -> None:
    key = scored(filled, shift=0.3)
    second = act(filled, round_commands.propose_tiers, key, version(filled, ReviewRound, key))[1]
    assert second.inputs.third == {}
    assert second.tier.order <= Tier.GROWTH.order
    assert third_party_counts("2026-06-01", "2026-06-20", ENDS)
    assert not third_party_counts("2026-06-01", "2026-06-19", ENDS)
    assert not third_party_counts(None, None, ENDS)
    assert third_party_counts("2026-06-01", None, ENDS)


def test_rules_survive_as_json_and_contradictions_are_named() -> None:
    assert Rules.from_json(json.loads(json.dumps(BUILT_IN.to_json()))) == BUILT_IN
    BUILT_IN.check()
    for code, broken in {
        "thresholds": Rules(thresholds=(60, 60, 80, 90)),
        "margin": Rules(margin=5),
        "weights": Rules(weights=dict.fromkeys(Pillar, 0.2)),
        "source_weights": Rules(source_weights=dict.fromkeys(EvidenceSource, 0.0)),
    }.items():
        with pytest.raises(ValueError, match=code):
            broken.check()
