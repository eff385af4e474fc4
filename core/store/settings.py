"""District-wide settings and dated parameters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
from sqlalchemy import Connection, select

from core.store.commands import Change
from core.store.frames import frame
from core.store.schema import Parameter, Setting, StaffMember

__all__ = ["District", "district", "parameter", "parameters", "save_setting", "staff_names"]


@dataclass(frozen=True)
class District:
    """Who runs this store. ``as_of`` is set for the demonstration district only, whose history has an end."""

    name_zh: str
    name_en: str
    office_zh: str
    office_en: str
    demo: bool
    as_of: date | None
    map_licence: str | None

    def name(self, lang: str) -> str:
        return self.name_en if lang == "en" else self.name_zh

    def office(self, lang: str) -> str:
        return self.office_en if lang == "en" else self.office_zh


def district(connection: Connection) -> District:
    """The settings, with the bureau's own name where nothing else was set."""
    found = {key: value for key, value in connection.execute(select(Setting.key, Setting.value))}
    return District(
        name_zh=found.get("name_zh", "济宁市太白湖新区"),
        name_en=found.get("name_en", "Taibai Lake New District, Jining"),
        office_zh=found.get("office_zh", "区社保就业服务部"),
        office_en=found.get("office_en", "District Social Insurance and Employment Service"),
        demo=found.get("demo") == "1",
        as_of=date.fromisoformat(found["as_of"]) if "as_of" in found else None,
        map_licence=found.get("map_licence"),
    )


def save_setting(change: Change, key: str, value: str) -> None:
    """Set one setting inside a command."""
    if change.session.get(Setting, key) is None:
        change.add(Setting(key=key, value=value))
    else:
        change.edit(Setting, key, {"value": value})


def parameters(connection: Connection) -> pd.DataFrame:
    """Every dated parameter: key, since, value, unit, source."""
    t = Parameter
    return frame(connection, select(t.id, t.key, t.since, t.value, t.unit, t.source).order_by(t.key, t.since))


def parameter(table: pd.DataFrame, key: str, today: date) -> float:
    """The value of ``key`` in force on ``today``; KeyError if none is."""
    found = table[(table["key"] == key) & (table["since"] <= pd.Timestamp(today))]
    if found.empty:
        raise KeyError(f"no value of {key} in force on {today}")
    return float(found["value"].iloc[-1])


def staff_names(connection: Connection) -> list[str]:
    """Names of the active staff, in the order of their entry."""
    return list(connection.scalars(select(StaffMember.name).where(StaffMember.active).order_by(StaffMember.id)))
