"""Whether premises are free: as the register says, and by their kind where it says nothing."""

from __future__ import annotations

import pandas as pd

from core.terms import PremisesKind, PremisesUse

__all__ = ["FREE", "use_of", "uses"]

FREE = (PremisesUse.IDLE, PremisesUse.RESERVED)
"""Uses of premises that a business may move into."""


def use_of(use: PremisesUse | None, kind: PremisesKind) -> PremisesUse:
    """The use on record, else what the kind says.

    >>> use_of(None, PremisesKind.IDLE).value, use_of(PremisesUse.IN_USE, PremisesKind.IDLE).value
    ('idle', 'in_use')
    """
    if use is not None:
        return use
    return PremisesUse.IDLE if kind is PremisesKind.IDLE else PremisesUse.IN_USE


def uses(premises: pd.DataFrame) -> pd.Series:
    """``use_of`` for the columns use and kind of ``queries.premises``, as codes."""
    by_kind = [use_of(None, PremisesKind.of(kind)).value for kind in premises["kind"]]
    return premises["use"].fillna(pd.Series(by_kind, index=premises.index, dtype="str"))
