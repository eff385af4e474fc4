"""What the parts of a review round share: a step as a command, its panel, its conflicts of interest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.enterprises.rounds import commands as round_commands
from core.policy import Action
from pages import cache
from pages.common.saving import save
from pages.common.view import View

__all__ = ["act", "excluded", "panel"]

ACTIONS: Mapping[Callable[..., Any], Action] = {
    round_commands.open_round: Action.RUN_REVIEW,
    round_commands.mark: Action.GIVE_MARKS,
    round_commands.exclude_judge: Action.DECLARE_CONFLICT,
    round_commands.record_third_party: Action.RECORD_EVIDENCE,
    round_commands.record_compliance: Action.RECORD_EVIDENCE,
    round_commands.close_scoring: Action.RUN_REVIEW,
    round_commands.reopen_scoring: Action.RUN_REVIEW,
    round_commands.propose_tiers: Action.RUN_REVIEW,
    round_commands.decide: Action.DECIDE_TIER,
    round_commands.close_decisions: Action.DECIDE_TIER,
    round_commands.freeze_round: Action.RUN_REVIEW,
}


def act(view: View, step: Callable[..., Any], *arguments: Any, **options: Any) -> None:
    """Run ``step(change, …)`` as a command in the name of the person."""
    save(view, ACTIONS[step], lambda change: step(change, *arguments, **options))


def panel(view: View, round_id: int) -> list[str]:
    """The judges of a round."""
    judges = cache.enterprises.judges(view.revision)
    return [str(j) for j in judges.loc[judges["round_id"] == round_id, "judge"]]


def excluded(view: View) -> dict[int, dict[str, str]]:
    """By case: judge → reason of the conflict of interest."""
    reasons: dict[int, dict[str, str]] = {}
    for row in cache.enterprises.exclusions(view.revision).itertuples():
        reasons.setdefault(int(row.case_id), {})[str(row.judge)] = str(row.reason)
    return reasons
