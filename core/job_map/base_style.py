"""The base map under the communities: a MapLibre style with its geometry inside, served from this machine.

    python -m core.job_map.base_style sample_data/geometry pages/static sample

writes ``map_sample_light.json`` and ``map_sample_dark.json``. A district with geometry of its own (outline, lake,
canal, roads as GeoJSON in WGS-84) calls it with the name ``district``; those files then take precedence.
Anyone can fetch these files: they hold geometry alone.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

__all__ = ["TONES", "base_style", "write_styles"]

# Paint of each source, light and dark; sources are drawn in this order.
TONES: dict[str, dict[str, str]] = {
    "light": {"background": "#EEF1F3", "outline": "#FFFFFF", "water": "#A9CFE6", "road": "#C4BBA6"},
    "dark": {"background": "#14181C", "outline": "#1F252B", "water": "#27475C", "road": "#565043"},
}
SOURCES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("outline", "outline", {}),
    ("lake", "water", {}),
    ("canal", "water", {"line-width": 4}),
    ("roads", "road", {"line-width": 2}),
)


def base_style(geometry: dict[str, Any], tone: str) -> dict[str, Any]:
    """A MapLibre style of the GeoJSON collections in ``geometry`` (by source name; missing ones are left out)."""
    colours = TONES[tone]
    layers: list[dict[str, Any]] = [
        {"id": "background", "type": "background", "paint": {"background-color": colours["background"]}}
    ]
    for name, meaning, paint in SOURCES:
        if name not in geometry:
            continue
        kind = "line" if paint else "fill"
        layers.append({"id": name, "source": name, "type": kind, "paint": {f"{kind}-color": colours[meaning]} | paint})
    sources = {name: {"type": "geojson", "data": geometry[name]} for name, _, _ in SOURCES if name in geometry}
    return {"version": 8, "sources": sources, "layers": layers}


def read_geometry(folder: Path) -> dict[str, Any]:
    """The GeoJSON collections of a folder, geometry alone."""
    collections = {}
    for name, _, _ in SOURCES:
        path = folder / f"{name}.geojson"
        if path.exists():
            features = json.loads(path.read_text(encoding="utf-8"))["features"]
            plain = [{"type": "Feature", "properties": {}, "geometry": feature["geometry"]} for feature in features]
            collections[name] = {"type": "FeatureCollection", "features": plain}
    return collections


def write_styles(geometry: Path, static: Path, name: str) -> list[Path]:
    """Write the style of both tones; returns the files."""
    collections = read_geometry(geometry)
    written = []
    for tone in TONES:
        path = static / f"map_{name}_{tone}.json"
        text = json.dumps(base_style(collections, tone), separators=(",", ":"))
        path.write_text(text + "\n", encoding="utf-8")
        written.append(path)
    return written


if __name__ == "__main__":
    write_styles(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
