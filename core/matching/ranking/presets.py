"""Named weights: the bureau's saved ones and a few to start from. A saved preset is never overwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from core.locale import N_, Translator, bureau_day
from core.matching.inputs import queries
from core.matching.inputs.factors import CODES
from core.matching.ranking.scoring import as_weights
from core.store.commands import Change
from core.store.schema import WeightPreset

__all__ = ["BUILT_IN", "Preset", "archive_preset", "presets", "save_preset"]


@dataclass(frozen=True)
class Preset:
    """Sliders 0..100 in the order of the factors, under a name. ``id`` is None for a built-in one."""

    key: str  # for addresses: the code of a built-in preset or the id of a saved one
    name: str
    sliders: tuple[int, ...]
    reason: str
    author: str = ""
    id: int | None = None
    revision: int = 1
    made_on: date | None = None

    @property
    def weights(self) -> dict[str, int]:
        return dict(zip(CODES, self.sliders, strict=True))

    def title(self, tr: Translator) -> str:
        """The name as shown: built-in names are translated, saved ones are shown as they were given."""
        return tr(self.name) if self.id is None else self.name

    def origin(self, tr: Translator) -> str:
        """Who made it, when, why, and which version it is."""
        if self.id is None or self.made_on is None:
            return tr("Built in: {reason}", reason=tr(self.reason))
        version = tr("Version {n}, {author}, {day}", n=self.revision, author=self.author, day=tr.day(self.made_on))
        return tr("{version}: {reason}", version=version, reason=self.reason) if self.reason else version


BUILT_IN: tuple[Preset, ...] = (
    Preset("balanced", N_("Balanced"), (30, 20, 15, 10, 10, 10, 5), N_("Skills first, then what keeps people in work")),
    Preset("near", N_("Close to home"), (20, 35, 20, 10, 5, 5, 5), N_("For carers and people with little mobility")),
    Preset(
        "skilled", N_("Skills and experience"), (45, 10, 10, 5, 5, 20, 5), N_("For openings that need skill at once")
    ),
    Preset("willing", N_("Wishes of the person"), (15, 20, 15, 20, 25, 0, 5), N_("For people who left several jobs")),
)


def presets(saved: pd.DataFrame) -> list[Preset]:
    """Built-in presets, then the saved ones in force (``queries.presets``) by name."""
    return [
        *BUILT_IN,
        *(
            Preset(
                key=str(row["id"]),
                name=str(row["name"]),
                sliders=tuple(round(float(row["weights"].get(code, 0))) for code in CODES),
                reason="" if pd.isna(row["reason"]) else str(row["reason"]),
                author=str(row["author"]),
                id=int(row["id"]),
                revision=int(row["revision"]),
                made_on=bureau_day(row["made_at"]),
            )
            for row in saved.to_dict("records")
        ),
    ]


def save_preset(change: Change, name: str, weights: Mapping[str, float], reason: str) -> int:
    """Save sliders (0..100 by factor code) under ``name`` in the name of ``change.actor``; returns the id.

    An earlier preset of this name is archived, not changed. NoWeights if all sliders are zero; ValueError without a name.
    """
    as_weights(weights)
    if not name.strip():
        raise ValueError("a preset needs a name")
    known = queries.preset_revisions(change.session.connection(), name.strip())
    for old in known:
        if old.archived_at is None:
            change.edit(WeightPreset, old.id, {"archived_at": change.at})
    row = WeightPreset(
        name=name.strip(),
        revision=known[-1].revision + 1 if known else 1,
        weights={code: float(weights.get(code, 0)) for code in CODES},
        author=change.actor,
        reason=reason.strip() or None,
        made_at=change.at,
    )
    return int(change.add(row))


def archive_preset(change: Change, preset_id: int) -> None:
    """Take a saved preset out of use; it stays on record with its author and reason. NotFound."""
    change.edit(WeightPreset, preset_id, {"archived_at": change.at})
