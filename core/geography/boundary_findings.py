"""What a check of boundaries can find, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.locale import N_, Translator
from core.terms import Term

__all__ = ["MESSAGES", "Finding"]

MESSAGES: dict[str, str] = {
    "too_big": N_("The file has more than {limit} MB. Simplify the outlines, or split it."),
    "no_json": N_("This is no GeoJSON file. Export it again as GeoJSON (UTF-8) from the mapping program."),
    "no_features": N_("The file holds no features. Export the layer with the communities as a FeatureCollection."),
    "projected": N_("The coordinates are metres of a projection, not degrees. Export in longitude and latitude."),
    "no_code": N_("No 12-digit community code. Add the property “code” (社区代码)."),
    "unknown_code": N_("There is no community with the code {code}. Check it against the list of communities."),
    "twice": N_("The code {code} has two outlines. Join them into one feature (MultiPolygon)."),
    "kind": N_("{kind} is neither polygon nor point. Only areas and label points of communities are stored."),
    "broken": N_(
        "The coordinates can't be read. Every position is [longitude, latitude], every ring has four or more."
    ),
    "swapped": N_("Longitude and latitude are exchanged. Write longitude (about 116) first."),
    "china": N_("A position ({lon}, {lat}) lies outside China."),
    "far": N_("It lies {km} km from the community's stored point. Check the code and the coordinate system."),
    "crossing": N_("The outline crosses itself near {lon}, {lat}. Correct it in the mapping program."),
    "tiny": N_("The area is {area} km². Check that the outline is the whole community."),
    "huge": N_("The area is {area} km², more than a community can have."),
    "point_outside": N_("The community's label point lies outside the outline, {metres} m off. Check both."),
    "other_inside": N_("The label point of {name} lies inside this outline. Check the codes."),
    "system": N_(
        "The outlines are about {metres} m off, this looks like {system}: read as selected, they contain {now} of the "
        "homes and places stored for their communities; read as {system}, {then}. Select it above unless you're sure "
        "the current setting is right."
    ),
    "offset": N_(
        "The file is about {metres} m off, this looks like {system}: read as selected, its outlines and label points "
        "lie {now} m to one side of the stored ones; read as {system}, {then} m. Select it above unless you're sure "
        "the current setting is right."
    ),
}


@dataclass(frozen=True)
class Finding:
    """A problem of the whole file (``feature`` None) or of a feature, counted from 1; errors stop the whole file.

    ``values`` fill the places of the message of ``code``.
    """

    code: str
    is_error: bool = True
    values: Mapping[str, Any] = field(default_factory=dict)
    feature: int | None = None
    community: str = ""  # code or name, as far as known

    def message(self, tr: Translator) -> str:
        shown = {key: tr.term(value) if isinstance(value, Term) else value for key, value in self.values.items()}
        return tr(MESSAGES[self.code], **shown)
