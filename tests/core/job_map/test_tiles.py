"""Which tiles of the national map service a district may ask for, and that the browser never learns the key."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlparse

import numpy as np
import pandas as pd
import pytest

from core.job_map.base_style import base_style
from core.job_map.tiles import BLANK, LAYERS, ZOOMS, Bounds, address, bounds_of, is_image, is_served, with_tiles

DISTRICT = Bounds(116.5, 35.2, 116.7, 35.45)


def tile_of(lon: float, lat: float, z: int) -> tuple[int, int]:
    """The Web Mercator tile over a place, by the published formula."""
    x = (lon + 180) / 360 * 2**z
    y = (1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * 2**z
    return int(x), int(y)


@pytest.mark.parametrize("z", ZOOMS)
@pytest.mark.parametrize("layer", LAYERS)
def test_the_tiles_over_the_district_are_served(layer, z):
    for lon in np.linspace(116.5, 116.7, 5):
        for lat in np.linspace(35.2, 35.45, 5):
            assert is_served(layer, z, *tile_of(lon, lat, z), DISTRICT)


@pytest.mark.parametrize(
    ("layer", "z", "x", "y"),
    [
        ("img_w", 12, *tile_of(116.6, 35.3, 12)),
        ("../vec_w", 12, *tile_of(116.6, 35.3, 12)),
        ("vec_w", 7, *tile_of(116.6, 35.3, 7)),
        ("vec_w", 17, *tile_of(116.6, 35.3, 17)),
        ("vec_w", 12, *tile_of(121.5, 31.2, 12)),
        ("vec_w", 12, *tile_of(116.6, -35.3, 12)),
        ("vec_w", 12, -1, 1600),
        ("vec_w", 12, 2**12, 1600),
    ],
)
def test_nothing_else_is_served(layer, z, x, y):
    assert not is_served(layer, z, x, y, DISTRICT)


def test_what_may_be_kept_on_the_disk_is_bounded():
    z = ZOOMS.stop - 1
    x, y = tile_of(116.6, 35.3, z)
    served = sum(is_served("vec_w", z, x + dx, y + dy, DISTRICT) for dx in range(-60, 60) for dy in range(-60, 60))
    assert 0 < served < 3_000


def test_the_address_is_that_of_a_wmts_tile():
    url = urlparse(address("https://t0.example/", "cva_w", 12, 3374, 1614, "k&y"))
    assert url.path == "/cva_w/wmts"
    fields = {name: value for name, (value,) in parse_qs(url.query).items()}
    assert fields["LAYER"] == "cva"
    assert (fields["TILEMATRIX"], fields["TILEROW"], fields["TILECOL"]) == ("12", "1614", "3374")
    assert (fields["TILEMATRIXSET"], fields["tk"]) == ("w", "k&y")


def test_bounds_hold_every_community_and_a_margin():
    bounds = bounds_of(pd.DataFrame({"lon": [116.5, 116.7, None], "lat": [35.2, 35.4, None]}))
    assert bounds is not None
    assert bounds.west < 116.5 < 116.7 < bounds.east
    assert bounds.south < 35.2 < 35.4 < bounds.north
    assert bounds_of(pd.DataFrame({"lon": [], "lat": []})) is None


def test_only_pictures_are_taken():
    assert is_image(BLANK)
    assert is_image(b"\xff\xd8\xff\xe0 jpeg")
    assert not is_image(b'{"code": 1, "msg": "key"}')
    assert not is_image(BLANK + b"\0" * 600_000)


@pytest.mark.parametrize("tone", ["light", "dark"])
def test_the_style_asks_this_server_alone_and_draws_tiles_over_the_sketch(tone):
    sketch = base_style({"outline": {"type": "FeatureCollection", "features": []}}, tone)
    style = with_tiles(sketch, tone, DISTRICT)
    assert [layer["id"] for layer in style["layers"]] == ["background", "outline", "vec_w", "cva_w"]
    assert "http" not in json.dumps(style)
    assert sketch["layers"] == style["layers"][:2]
    for layer in LAYERS:
        assert style["sources"][layer]["tiles"] == [f"/tiles/{layer}/{{z}}/{{x}}/{{y}}"]
