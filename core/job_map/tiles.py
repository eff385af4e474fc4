"""Tiles of Tianditu (天地图), the national map service: which ones a district needs and under which address.

The key belongs to the server: browsers ask this app for ``/tiles/{layer}/{z}/{x}/{y}``, the app asks Tianditu. Only the
layers below, over the district, at a few zooms, are passed on; that also bounds what is kept on the disk.
"""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

import numpy as np
import pandas as pd

__all__ = [
    "BLANK",
    "LAYERS",
    "ZOOMS",
    "Bounds",
    "address",
    "around",
    "bounds_of",
    "LARGEST",
    "is_image",
    "is_served",
    "with_tiles",
]

LAYERS = {"vec_w": "vec", "cva_w": "cva"}  # streets and areas; their Chinese names above
ZOOMS = range(8, 17)
MARGIN = 0.06  # degrees around the outermost communities
# A clear picture of one pixel: the sketched base map below it stays visible.
BLANK = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAAC0lEQVR4nGNgAAIAAAUAAXpeqz8AAAAASUVORK5CYII=")
SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")  # PNG, JPEG
LARGEST = 500_000  # bytes; usual ones have some ten thousand
DIM = {"raster-brightness-max": 0.45, "raster-saturation": -0.5}  # on a dark screen


class Bounds(NamedTuple):
    """A box in degrees."""

    west: float
    south: float
    east: float
    north: float


def bounds_of(communities: pd.DataFrame) -> Bounds | None:
    """The box of the communities' label points (lon, lat) with a margin; None if there are none."""
    lon, lat = communities["lon"].dropna(), communities["lat"].dropna()
    if lon.empty or lat.empty:
        return None
    return Bounds(lon.min() - MARGIN, lat.min() - MARGIN, lon.max() + MARGIN, lat.max() + MARGIN)


def around(boxes: Sequence[Bounds]) -> Bounds | None:
    """The smallest box around others; None around none."""
    if not boxes:
        return None
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return Bounds(min(wests), min(souths), max(easts), max(norths))


def is_served(layer: str, z: int, x: int, y: int, bounds: Bounds) -> bool:
    """Whether a tile of the Web Mercator scheme is of a known layer and zoom and touches ``bounds``."""
    if layer not in LAYERS or z not in ZOOMS or not (0 <= x < 2**z and 0 <= y < 2**z):
        return False
    west, east = (360 * (n / 2**z) - 180 for n in (x, x + 1))
    north, south = (float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * n / 2**z))))) for n in (y, y + 1))
    return west <= bounds.east and east >= bounds.west and south <= bounds.north and north >= bounds.south


def address(server: str, layer: str, z: int, x: int, y: int, key: str) -> str:
    """Where Tianditu keeps a tile (WMTS, key–value form). Holds the key: not for logs, errors or browsers."""
    query = {
        "SERVICE": "WMTS",
        "REQUEST": "GetTile",
        "VERSION": "1.0.0",
        "LAYER": LAYERS[layer],
        "STYLE": "default",
        "TILEMATRIXSET": "w",
        "FORMAT": "tiles",
        "TILEMATRIX": z,
        "TILEROW": y,
        "TILECOL": x,
        "tk": key,
    }
    return f"{server.rstrip('/')}/{layer}/wmts?{urlencode(query)}"


def is_image(data: bytes) -> bool:
    """A picture, and not a message that the key is wrong or used up."""
    return len(data) <= LARGEST and data.startswith(SIGNATURES)


def with_tiles(style: dict[str, Any], tone: str, bounds: Bounds) -> dict[str, Any]:
    """A MapLibre style with the tiles over its sketch, so that the sketch shows where a tile is missing."""
    paint = DIM if tone == "dark" else {}
    sources = {
        layer: {
            "type": "raster",
            "tiles": [f"/tiles/{layer}/{{z}}/{{x}}/{{y}}"],
            "tileSize": 256,
            "minzoom": ZOOMS.start,
            "maxzoom": ZOOMS.stop - 1,
            "bounds": list(bounds),
        }
        for layer in LAYERS
    }
    layers = [{"id": layer, "source": layer, "type": "raster", "paint": paint} for layer in LAYERS]
    return {**style, "sources": style["sources"] | sources, "layers": [*style["layers"], *layers]}
