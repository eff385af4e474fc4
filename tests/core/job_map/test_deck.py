"""The deck, the static map, legend, sentences: small, complete, and without anything personal."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from core.access.accessibility import compute_accessibility
from core.access.measures import MEASURES, make_measures
from core.access.scenario_privacy import ranking
from core.access.snapshot import make_snapshot
from core.access.what_if import Scenario, marginal_effects, play
from core.access.white_spots import LINES, hatching
from core.geography.plane import TravelMode
from core.job_map.base_style import TONES, base_style, read_geometry
from core.job_map.deck import VERTICES, community_deck
from core.job_map.map_view import LAYERS, MapView, class_colours, legend, table
from core.job_map.overlays import SYMBOLS
from core.job_map.paint import rgb
from core.job_map.ranking_chart import change_chart, ranking_chart
from core.job_map.sentences import finding, persons, remedy, within
from core.job_map.static_map import static_map
from core.locale import translator
from core.store.database import ROOT
from tests.core.access.factories import WALK, a_model, a_snapshot, some_rates, some_sources

PERSONAL = {"person_id", "name", "phone", "address", "lon", "lat", "state", "sex", "birth_date", "id_last4"}
DEFAULT = frozenset(code for code, layer in LAYERS.items() if layer.shown)


def a_map_view(code="covered", lang="zh_CN", dark=False, layers=DEFAULT, snapshot=None, k=3, **changes) -> MapView:
    snapshot = a_snapshot(communities=14, people=1600, jobs=55, idle=8, metres=14_000) if snapshot is None else snapshot
    accessibility = compute_accessibility(snapshot, TravelMode.WALK, WALK)
    measures = make_measures(snapshot, accessibility, some_rates(snapshot), k)
    return MapView(translator(lang), dark, snapshot, accessibility, measures, code, layers, **changes)


@pytest.fixture(scope="module")
def sample() -> MapView:
    return a_map_view()


def spec_of(map_view: MapView) -> dict:
    return json.loads(community_deck(map_view, "/app/static/map_plain_light.json").to_json())


def test_every_layer_has_an_id_and_every_pickable_row_a_key_and_a_tip(sample):
    map_view = replace(sample, layers=frozenset(LAYERS), community=14, place=sample.snapshot.labels[3])
    layers = spec_of(map_view)["layers"]
    ids = [layer["id"] for layer in layers]
    assert len(set(ids)) == len(ids)
    for layer in layers:
        assert "pickable" in layer
        for row in layer["data"]:
            assert layer["pickable"] == ("i" in row and "t" in row)


def test_no_row_of_the_deck_carries_a_field_of_a_person(sample):
    map_view = replace(sample, layers=frozenset(LAYERS), community=14, place=sample.snapshot.labels[3])
    for layer in spec_of(map_view)["layers"]:
        for row in layer["data"]:
            assert not PERSONAL & set(row), layer["id"]


def test_no_home_of_a_seeker_is_in_the_deck_or_the_static_map(sample):
    map_view = replace(sample, layers=frozenset(LAYERS), community=14, place=sample.snapshot.labels[3])
    text = community_deck(map_view, "x").to_json()
    chart = json.dumps(static_map(map_view, "").to_dict())
    homes = map_view.snapshot.plane.lonlat(map_view.snapshot.homes)
    near = 0
    pairs = np.array(re.findall(r"\[(116\.\d+),(35\.\d+)\]", text), dtype=float)
    shown = {tuple(pair) for pair in np.round(pairs, 5)}
    for lon, lat in np.round(homes, 5):
        near += (lon, lat) in shown
    assert near == 0
    for x, y in np.round(map_view.snapshot.homes):
        assert f"[{x}, {y}]" not in chart


def test_the_deck_asks_no_outside_host(sample):
    spec = spec_of(sample)
    assert spec["mapStyle"].startswith("/app/static/")
    assert "http" not in json.dumps(spec)


def test_no_accessor_calls_a_function(sample):
    for layer in spec_of(replace(sample, layers=frozenset(LAYERS)))["layers"]:
        for value in layer.values():
            if isinstance(value, str) and value.startswith("@@="):
                assert not re.search(r"\w\(", value), value


def test_detailed_boundaries_are_thinned_out():
    sources = some_sources(communities=4)
    angle = np.linspace(0, 2 * np.pi, 900)
    shapes = []
    for lon, lat in zip(sources.communities["lon"], sources.communities["lat"], strict=True):
        ring = np.stack([lon + 0.01 * np.cos(angle), lat + 0.01 * np.sin(angle)], axis=-1).tolist()
        shapes.append({"type": "Polygon", "coordinates": [ring]})
    snapshot = make_snapshot(replace(sources, communities=sources.communities.assign(boundary=shapes)))
    areas = next(layer for layer in spec_of(a_map_view(snapshot=snapshot))["layers"] if layer["id"] == "community")
    assert sum(len(row["p"]) for row in areas["data"]) <= VERTICES


def test_ways_to_work_of_few_people_and_within_a_community_are_not_drawn(sample):
    layers = {layer["id"]: layer for layer in spec_of(replace(sample, layers=frozenset({"flows"})))["layers"]}
    assert [row["w"] for row in layers["flows"]["data"]] == [9]
    other = replace(sample, layers=frozenset({"flows"}), community=14)
    assert next(layer for layer in spec_of(other)["layers"] if layer["id"] == "flows")["data"] == []


def test_the_selected_place_has_three_rings_and_the_selected_community_an_outline(sample):
    ids = {
        layer["id"]: layer
        for layer in spec_of(replace(sample, community=12, place=sample.snapshot.labels[1]))["layers"]
    }
    assert len(ids["rings"]["data"]) == 3
    assert ids["selected"]["filled"] is False
    assert "rings" not in {layer["id"] for layer in spec_of(sample)["layers"]}


def test_a_click_leaves_the_colours_of_communities_alone(sample):
    """Streamlit dims fills that a layer states itself; a sub-layer's fill stays as it is."""
    community = next(layer for layer in spec_of(sample)["layers"] if layer["id"] == "community")
    assert "getFillColor" not in community
    assert community["_subLayerProps"]["fill"]["getFillColor"].startswith("@@=([[")
    assert {row["c"] for row in community["data"]} == set(range(len({sample.colour(row) for row in range(14)})))


def test_every_symbol_has_the_sign_and_colour_of_its_layer(sample):
    layer = next(
        layer for layer in spec_of(replace(sample, layers=frozenset(LAYERS)))["layers"] if layer["id"] == "symbols"
    )
    signs = json.loads(re.fullmatch(r"@@=\((.+)\)\[c\]", layer["getText"])[1])
    colours = json.loads(re.fullmatch(r"@@=\((.+)\)\[c\]", layer["_subLayerProps"]["characters"]["getColor"])[1])
    assert signs == [LAYERS[code].symbol for code in SYMBOLS]
    assert colours == [[*rgb(LAYERS[code].colour[False]), 255] for code in SYMBOLS]
    assert {SYMBOLS[row["c"]] for row in layer["data"]} >= {"workshops", "idle"}
    ids = [row["i"] for row in layer["data"] if SYMBOLS[row["c"]] == "idle"]
    assert ids == [int(n) for n in sample.snapshot.idle["id"]]


def test_premises_that_the_what_if_opens_stand_out_and_sites_that_it_closes_are_grey(sample):
    room, site = int(sample.snapshot.idle["id"].iloc[2]), sample.snapshot.sites["key"].iloc[4]
    layers = {
        layer["id"]: layer
        for layer in spec_of(replace(sample, opened=frozenset([room]), closed=frozenset([site])))["layers"]
    }
    assert [row["i"] for row in layers["symbols"]["data"] if row.get("s")] == [room]
    assert [row["i"] for row in layers["sites"]["data"] if row["c"]] == [site]


def test_equal_zero_and_hidden_values_make_a_map_with_a_legend():
    nobody = a_map_view("density", snapshot=a_snapshot(people=0))
    assert [row.text for row in legend(nobody)] == ["数据不足／已抑制"]
    zero = a_map_view("density", snapshot=a_snapshot(jobs=0))
    assert [row.text for row in legend(zero)] == ["0"]
    assert legend(a_map_view("visited"))[0].count == 14
    for map_view in (nobody, zero):
        community_deck(map_view, "x").to_json()
        static_map(map_view, "").to_dict()
        ranking_chart(map_view, "").to_dict()


def test_the_legend_counts_every_community_once(sample):
    for code in MEASURES:
        assert sum(row.count for row in legend(replace(sample, code=code))) == 14


def test_colours_grow_with_the_value_in_both_themes():
    for dark in (False, True):
        for code in ("density", "unmet"):
            ramp = class_colours(MEASURES[code], 5, dark)
            light = [sum(int(c[at : at + 2], 16) for at in (1, 3, 5)) for c in ramp]
            assert light == sorted(light, reverse=not dark)


@pytest.mark.parametrize(("lang", "dark", "code"), [("zh_CN", False, "reemployed"), ("en", True, "unmet")])
def test_every_chart_builds_in_both_themes_and_languages(lang, dark, code, sample):
    map_view = replace(sample, tr=translator(lang), dark=dark, code=code, layers=frozenset(LAYERS), community=11)
    community_deck(map_view, "x").to_json()
    static_map(map_view, "title").to_dict()
    ranking_chart(map_view, "title").to_dict()


def test_a_change_chart_has_a_row_for_each_community_that_changes(sample):
    map_view = replace(sample, code="density")
    snapshot, accessibility = map_view.snapshot, map_view.accessibility
    room = int(snapshot.idle["id"].iloc[0])
    outcome = play(snapshot, accessibility, marginal_effects(snapshot, accessibility), Scenario({room: 20}))
    measures = make_measures(
        snapshot, accessibility, some_rates(snapshot), 3, value=outcome.value, cumulative=outcome.cumulative
    )
    chart = change_chart(replace(map_view, measures=measures), map_view, "t")
    assert chart is not None
    assert change_chart(map_view, map_view, "t") is None


def test_the_table_of_the_map_hides_what_the_map_hides():
    map_view = a_map_view(k=60)
    rows = table(map_view)
    assert rows["求职人数"].isna().all() == map_view.measures.bases["seekers"].isna().all()
    assert len(rows) == 14


def test_hatching_covers_exactly_what_is_out_of_reach(sample):
    strokes = hatching(sample.snapshot, sample.accessibility)
    radius = sample.accessibility.travel.metres(15)
    middles = np.array([(stroke[0] + stroke[1]) / 2 for stroke in strokes])
    gaps = np.sqrt(((middles[:, None] - sample.snapshot.site_xy) ** 2).sum(axis=2)).min(axis=1)
    assert len(strokes) > 10
    assert (gaps > radius).all()


def test_hatching_of_a_district_without_openings_fills_it():
    snapshot = a_snapshot(jobs=0)
    assert len(hatching(snapshot, compute_accessibility(snapshot, TravelMode.WALK, WALK))) >= LINES


# -- sentences -------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
@pytest.mark.parametrize("code", MEASURES)
def test_every_finding_is_a_full_sentence(code, lang, sample):
    map_view = replace(sample, tr=translator(lang))
    text = finding(map_view.tr, a_model(map_view.snapshot, map_view.accessibility, map_view.measures), code)
    assert not re.search(r"[{}]|nan|—", text)
    assert bool(re.search("[一-鿿]{3}", text.replace("社区", ""))) == (lang == "zh_CN")


def test_the_finding_of_a_district_where_all_have_an_opening_says_so():
    snapshot = a_snapshot(metres=400)
    accessibility = compute_accessibility(snapshot, TravelMode.WALK, WALK)
    measures = make_measures(snapshot, accessibility, some_rates(snapshot), 3)
    tr = translator("en")
    assert (
        finding(tr, a_model(snapshot, accessibility, measures), "covered")
        == "Every job seeker has an opening within 15 minutes on foot"
    )


def test_small_numbers_of_people_are_not_named():
    tr = translator("en")
    assert persons(tr, 2, 3) == "fewer than 3"
    assert persons(tr, 0, 3) == "0"
    assert persons(tr, 1204, 3) == "1,204"


def test_the_remedy_names_the_premises_that_reach_most_and_is_silent_when_none_does():
    snapshot = a_snapshot(jobs=2, metres=4000)
    accessibility = compute_accessibility(snapshot, TravelMode.WALK, WALK)
    effects, tr = marginal_effects(snapshot, accessibility), translator("en")
    ranked = ranking(snapshot, accessibility, effects, 3)
    assert ranked["name"].iloc[0] in remedy(tr, ranked, within(tr, accessibility))
    assert remedy(tr, ranking(snapshot, accessibility, effects, 10_000), "") == ""


# -- the base map -----------------------------------------------------------------------------------


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("name", ["plain", "sample"])
def test_the_served_base_maps_are_what_their_geometry_makes(name, tone):
    served = json.loads((ROOT / "pages" / "static" / f"map_{name}_{tone}.json").read_text())
    geometry = read_geometry(ROOT / "sample_data" / "geometry") if name == "sample" else {}
    assert served == base_style(geometry, tone)


def test_base_maps_hold_geometry_alone_and_no_outside_address():
    for path in (ROOT / "pages" / "static").glob("map_*.json"):
        text = path.read_text()
        assert "http" not in text
        for source in json.loads(text)["sources"].values():
            assert all(feature["properties"] == {} for feature in source["data"]["features"])


def test_hatching_follows_a_what_if(sample):
    snapshot, accessibility = sample.snapshot, sample.accessibility
    radius = accessibility.travel.metres(15)

    def crossed(strokes, point):
        middles = np.array([(stroke[0] + stroke[1]) / 2 for stroke in strokes])
        return bool((np.sqrt(((middles - point) ** 2).sum(axis=1)) < radius).any())

    rooms = [at for at in range(len(snapshot.idle)) if crossed(hatching(snapshot, accessibility), snapshot.idle_xy[at])]
    room = rooms[0]
    opened = frozenset([int(snapshot.idle["id"].iloc[room])])
    assert not crossed(hatching(snapshot, accessibility, opened), snapshot.idle_xy[room])
    everything = hatching(snapshot, accessibility, closed=frozenset(snapshot.sites["key"]))
    nothing = compute_accessibility(a_snapshot(jobs=0), TravelMode.WALK, WALK)
    assert len(everything) == len(
        hatching(replace(snapshot, sites=snapshot.sites[:0], site_xy=snapshot.site_xy[:0]), nothing)
    )
