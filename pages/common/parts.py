"""A page of several parts, of which the address names one: each has its own finding as title."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from streamlit.delta_generator import DeltaGenerator

from pages.common.heading import heading
from pages.common.query_params import url_part
from pages.common.view import View

__all__ = ["Part", "choose_part", "show_part"]


@dataclass(frozen=True)
class Part:
    """One part: its label in English, its title and subtitle, and what draws the rest."""

    label: str
    finding: Callable[[View], tuple[str, str]]
    show: Callable[[View], None]


def choose_part(view: View, parts: Mapping[str, Part], *, key: str) -> Part:
    """Draw the choice among ``parts`` (code in the address → part) and return the chosen one."""
    labels = {code: view.tr(part.label) for code, part in parts.items()}
    return parts[url_part(view.tr("Part"), labels, key=key)]


def show_part(view: View, part: Part, *, top: DeltaGenerator) -> None:
    """Draw a part here and its finding at the ``top`` of the page."""
    with top:
        heading(*part.finding(view))
    part.show(view)
