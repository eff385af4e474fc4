"""The sketch of the district (示意): outline, lake, canal, roads, communities as Voronoi cells, premises.

Everything here is invented. Positions are WGS-84 degrees; cells are cut in a plane in which a degree of
longitude is as long as on the ground, so that a point belongs to the nearest label in metres.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from district.basis import chance

Point = tuple[float, float]
STRETCH = math.cos(math.radians(35.37))
NOTE = "示意图：位置与界线均为演示而虚构，不作为行政区域界线依据"

OUTLINE: tuple[Point, ...] = (
    (116.545, 35.286), (116.600, 35.281), (116.655, 35.284), (116.692, 35.300), (116.712, 35.332),
    (116.718, 35.372), (116.708, 35.410), (116.684, 35.438), (116.642, 35.455), (116.596, 35.458),
    (116.558, 35.446), (116.533, 35.420), (116.523, 35.380), (116.526, 35.330),
)  # fmt: skip
CANAL: tuple[Point, ...] = (
    (116.549, 35.440), (116.552, 35.418), (116.546, 35.398), (116.541, 35.374), (116.546, 35.348),
    (116.553, 35.322), (116.561, 35.300), (116.569, 35.284),
)  # fmt: skip
ROADS: dict[str, tuple[Point, ...]] = {
    "荷香大道（示意）": ((116.535, 35.422), (116.575, 35.424), (116.608, 35.425), (116.646, 35.424), (116.697, 35.421)),
    "湖滨路（示意）": ((116.572, 35.404), (116.590, 35.408), (116.612, 35.408), (116.634, 35.400), (116.638, 35.372)),
    "明珠路（示意）": ((116.646, 35.452), (116.646, 35.412), (116.650, 35.378), (116.655, 35.340), (116.652, 35.286)),
    "新河路（示意）": ((116.598, 35.456), (116.599, 35.430), (116.600, 35.410)),
    "田园路（示意）": ((116.536, 35.334), (116.572, 35.334), (116.618, 35.337), (116.668, 35.340), (116.714, 35.345)),
    "渔歌路（示意）": ((116.618, 35.345), (116.618, 35.322), (116.615, 35.283)),
}


@dataclass(frozen=True)
class Community:
    """One community: label point, cell (open ring) and how many people of the sample live there (weight)."""

    number: int
    name: str
    town: str
    rural: bool
    label: Point
    fringe: bool
    weight: float
    cell: tuple[Point, ...] = ()

    @property
    def code(self) -> str:
        """12 digits of the sample's own region 370899."""
        return f"370899{1 + self.rural:03d}{self.number + 1:03d}"


@dataclass(frozen=True)
class Premises:
    """A room in a community; ``stations`` is how many work stations would fit."""

    code: str
    name: str
    kind: str
    community: Community
    place: Point
    area: int
    stations: int | None


@dataclass
class Geography:
    """Communities and premises of the sample."""

    communities: list[Community]
    premises: list[Premises] = field(default_factory=list)

    def named(self, name: str) -> Community:
        """The community of that name."""
        return next(c for c in self.communities if c.name == name)


LABELS: tuple[tuple[str, str, bool, Point, bool, float], ...] = (
    ("荷风社区", "荷岸街道", False, (116.5750, 35.4300), False, 0.9),
    ("莲塘社区", "荷岸街道", False, (116.5975, 35.4375), False, 1.0),
    ("清漪社区", "荷岸街道", False, (116.6215, 35.4345), False, 1.2),
    ("栖霞社区", "荷岸街道", False, (116.6460, 35.4365), True, 0.9),
    ("望湖社区", "荷岸街道", False, (116.6085, 35.4185), False, 1.1),
    ("柳岸社区", "柳堤街道", False, (116.5845, 35.4120), True, 0.8),
    ("兰汀社区", "柳堤街道", False, (116.6325, 35.4155), False, 1.1),
    ("桐荫社区", "柳堤街道", False, (116.6560, 35.4140), False, 0.9),
    ("明渠社区", "柳堤街道", False, (116.6455, 35.3945), False, 0.8),
    ("书香里社区", "柳堤街道", False, (116.6720, 35.3930), True, 0.7),
    ("苇泊社区", "苇塘镇", True, (116.5555, 35.3720), False, 1.6),
    ("麦垄社区", "苇塘镇", True, (116.6690, 35.3450), False, 1.9),
    ("渔歌社区", "苇塘镇", True, (116.6180, 35.3200), False, 1.7),
    ("杏林社区", "苇塘镇", True, (116.5690, 35.3180), False, 1.5),
)


def clip(ring: Sequence[Point], inside: Point, outside: Point) -> list[Point]:
    """The part of ``ring`` nearer to ``inside`` than to ``outside`` (half-plane clipping, plane units)."""
    normal = (outside[0] - inside[0], outside[1] - inside[1])
    middle = ((outside[0] + inside[0]) / 2, (outside[1] + inside[1]) / 2)
    side = [(x - middle[0]) * normal[0] + (y - middle[1]) * normal[1] for x, y in ring]
    kept: list[Point] = []
    for here, (a, b) in enumerate(zip(side, side[1:] + side[:1], strict=True)):
        start, end = ring[here], ring[(here + 1) % len(ring)]
        if a <= 0:
            kept.append(start)
        if (a < 0 < b) or (b < 0 < a):
            share = a / (a - b)
            kept.append((start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))
    return kept


def voronoi(labels: Sequence[Point], outline: Sequence[Point] = OUTLINE) -> list[tuple[Point, ...]]:
    """Cell of each label inside the outline, degrees, rounded to seven places (a centimetre)."""
    plane = [(lon * STRETCH, lat) for lon, lat in labels]
    cells = []
    for own in plane:
        ring: list[Point] = [(lon * STRETCH, lat) for lon, lat in outline]
        for other in plane:
            if other != own:
                ring = clip(ring, own, other)
        cells.append(tuple((round(x / STRETCH, 7), round(y, 7)) for x, y in ring))
    return cells


def area(ring: Sequence[Point]) -> float:
    """Area in square degrees (shoelace)."""
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def contains(ring: Sequence[Point], point: Point) -> bool:
    """Whether ``point`` lies in ``ring`` (ray casting)."""
    x, y = point
    odd = False
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            odd = not odd
    return odd


def near(rng: np.random.Generator, community: Community, inner: float, outer: float) -> Point:
    """A point of the community's cell, uniform in the ring of inner..outer metres around its label."""
    while True:
        radius = math.sqrt(rng.uniform(inner**2, outer**2))
        angle = rng.uniform(0, 2 * math.pi)
        lon = community.label[0] + radius * math.cos(angle) / (111_320 * STRETCH)
        lat = community.label[1] + radius * math.sin(angle) / 110_950
        point = (round(lon, 6), round(lat, 6))
        if contains(community.cell, point):
            return point


def lake() -> list[Point]:
    """Shore of the lake: a wavy ellipse."""
    shore = []
    for step in range(48):
        angle = 2 * math.pi * step / 48
        wave = 1 + 0.07 * math.sin(3 * angle + 0.6) + 0.04 * math.cos(5 * angle)
        east, north = 0.0270 * wave * math.cos(angle), 0.0265 * wave * math.sin(angle)
        shore.append((round(116.6035 + east + 0.25 * north, 6), round(35.3740 + north, 6)))
    return shore


WORKSHOP_ROOMS = ("荷风社区", "兰汀社区", "渔歌社区", "望湖社区", "麦垄社区", "书香里社区")
IDLE_ROOMS = ("莲塘社区", "清漪社区", "栖霞社区", "柳岸社区", "桐荫社区", "明渠社区", "苇泊社区", "杏林社区")
TRAINING_ROOMS = ("荷风社区", "清漪社区", "兰汀社区", "桐荫社区", "苇泊社区", "麦垄社区")
STATIONS = (26, 24, 22, 22, 20, 18)
OPEN_TO = {
    "闲置用房": "微工厂、手工作坊", "微工厂用房": "微工厂", "党群服务中心": "社区活动、招聘活动", "培训微阵地": "家门口培训",
}  # fmt: skip
"""Who may use premises of each kind."""
IDLE_USES = ("旧办公用房", "腾退门面房", "闲置仓储间", "旧校舍附房")


def make_geography() -> Geography:
    """Fourteen communities with their cells, and thirty-four premises."""
    cells = voronoi([label for _, _, _, label, _, _ in LABELS])
    communities = [
        Community(number, name, town, rural, label, fringe, weight, cell)
        for number, ((name, town, rural, label, fringe, weight), cell) in enumerate(zip(LABELS, cells, strict=True))
    ]
    geography = Geography(communities)
    rng = chance(1)

    def add(kind: str, prefix: str, name: str, where: str, size: int, stations: int | None) -> None:
        number = sum(p.kind == kind for p in geography.premises) + 1
        community = geography.named(where)
        place = near(rng, community, 60, 520)
        geography.premises.append(Premises(f"{prefix}{number:02d}", name, kind, community, place, size, stations))

    for where, stations in zip(WORKSHOP_ROOMS, STATIONS, strict=True):
        add("微工厂用房", "WG", f"{where}微工厂用房", where, stations * 6 + 30, stations + 4)
    for number, where in enumerate(IDLE_ROOMS):
        size = int(rng.integers(70, 260))
        add("闲置用房", "XZ", f"{where}{IDLE_USES[number % 4]}", where, size, size // 7)
    for community in communities:
        add("党群服务中心", "DQ", f"{community.name}党群服务中心", community.name, int(rng.integers(300, 900)), None)
    for where in TRAINING_ROOMS:
        add("培训微阵地", "PX", f"{where}家门口培训点", where, int(rng.integers(80, 200)), None)
    return geography


def community_rows(geography: Geography) -> list[dict[str, object]]:
    """Rows of the community sheet."""
    return [
        {"社区代码": c.code, "社区": c.name, "镇街": c.town, "社区类型": "农村社区" if c.rural else "城市社区"}
        | {"标注经度": c.label[0], "标注纬度": c.label[1]}
        for c in geography.communities
    ]


def premises_rows(geography: Geography) -> list[dict[str, object]]:
    """Rows of the premises sheet."""
    rng = chance(124)
    return [
        {"场所编号": p.code, "场所名称": p.name, "场所类型": p.kind, "社区": p.community.name}
        | {"经度": p.place[0], "纬度": p.place[1], "面积(平方米)": p.area, "可设工位数": p.stations}
        | {"使用状态": "闲置" if p.kind == "闲置用房" else "使用中", "用电负荷(千瓦)": int(rng.integers(2, 13)) * 5}
        | {"无障碍出入": bool(rng.random() < 0.7), "可使用对象": OPEN_TO[p.kind]}
        for p in geography.premises
    ]


def write_geometry(folder: Path, geography: Geography) -> None:
    """Write outline, lake, canal, roads and communities as GeoJSON."""
    folder.mkdir(parents=True, exist_ok=True)

    def feature(shape: str, coordinates: object, **properties: object) -> dict[str, object]:
        return {
            "type": "Feature",
            "properties": properties | {"note": NOTE},
            "geometry": {"type": shape, "coordinates": coordinates},
        }

    def ring(points: Sequence[Point]) -> list[list[list[float]]]:
        return [[list(point) for point in [*points, points[0]]]]

    def line(points: Sequence[Point]) -> list[list[float]]:
        return [list(point) for point in points]

    layers = {
        "outline": [
            feature("Polygon", ring(OUTLINE), name="太白湖新区（示意）", name_en="Taibai Lake New District (sketch)")
        ],
        "lake": [feature("Polygon", ring(lake()), name="太白湖（示意）", name_en="Taibai Lake (sketch)")],
        "canal": [feature("LineString", line(CANAL), name="运河（示意）", name_en="Canal (sketch)")],
        "roads": [feature("LineString", line(points), name=name) for name, points in ROADS.items()],
        "communities": [
            feature(
                "Polygon", ring(c.cell), code=c.code, name=c.name, town=c.town, kind="rural" if c.rural else "urban"
            )
            for c in geography.communities
        ],
    }
    for name, features in layers.items():
        text = json.dumps(
            {"type": "FeatureCollection", "name": name, "note": NOTE, "features": features}, ensure_ascii=False
        )
        (folder / f"{name}.geojson").write_text(text + "\n", encoding="utf-8")
