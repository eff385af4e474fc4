"""Outlines as stored and as a file would have them, over each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import shapely
from shapely import MultiPolygon

from core.geography.outlines import community_shapes, rings, shape_of
from core.geography.plane import Plane
from core.geography.queries import StoredBoundaries
from core.locale import Translator
from core.palette import CONTEXT, FONT, OPENINGS

__all__ = ["outlines_chart"]

HEIGHT = 620


def outlines_chart(
    stored: StoredBoundaries, changes: Mapping[int, Mapping[str, Any]], tr: Translator
) -> alt.LayerChart:
    """Stored outlines grey, those of the file coloured, names at the label points (new ones where given)."""
    communities = stored.communities
    plane = Plane.around(communities["lon"], communities["lat"])
    layers = [_areas(community_shapes(communities, plane), CONTEXT, 0.12)]
    new = [shape_of(values["boundary"], plane) for values in changes.values() if "boundary" in values]
    if new:
        layers.append(_areas(new, OPENINGS, 0.18))
    at = {
        int(row.id): (
            changes.get(int(row.id), {}).get("lon", row.lon),
            changes.get(int(row.id), {}).get("lat", row.lat),
        )
        for row in communities.itertuples()
    }
    xy = plane.xy(*np.array(list(at.values())).T)
    names = pd.DataFrame(
        {"x": xy[:, 0].round(), "y": xy[:, 1].round(), "name": [tr.short_name(name) for name in communities["name"]]}
    )
    layers.append(
        alt.Chart(names)
        .mark_text(font=FONT, fontSize=10.5)
        .encode(longitude="x:Q", latitude="y:Q", text="name:N", tooltip=alt.value(None))
    )
    title = tr("Grey: as stored. Teal: as in the file.") if new else tr("Outlines as stored")
    return (
        alt.layer(*layers)
        .project(type="identity", reflectY=True)
        .properties(title=alt.TitleParams(title, anchor="start", font=FONT), height=HEIGHT)
        .configure_view(stroke=None)
    )


def _areas(shapes: Sequence[MultiPolygon], colour: str, opacity: float) -> alt.Chart:
    features = [
        {
            "type": "Feature",
            "geometry": {
                "type": "Polygon",
                "coordinates": [np.round(np.concatenate([ring, ring[:1]])).tolist() for ring in rings(polygon)],
            },
        }
        for shape in shapes
        for polygon in shapely.get_parts(shape)
    ]
    return (
        alt.Chart(alt.Data(values=features))
        .mark_geoshape(fill=colour, fillOpacity=opacity, stroke=colour, strokeWidth=1.5)
        .encode(tooltip=alt.value(None))
    )
