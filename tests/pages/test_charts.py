"""Every chart draws columns that its data has: Vega leaves out, without a word, marks whose field is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from pages.common import charts
from tests.pages.test_every_page import PAGES

TABS = {
    "matching?job=148": (
        "test",
        ("stability", "comparison", "fairness", "left_out", "requirements", "marks", "district", "training"),
    ),
    "workshops": ("workshop_tab", ("现状", "订单", "假如", "排班", "预测", "填报", "测算口径")),
    "enterprises": ("enterprise_tab", ("评分与稳健性", "双轴图", "历史", "权重", "遴选", "评审", "规则")),
}
ADDRESSES = (
    *PAGES,
    *(f"{page}{'&' if '?' in page else '?'}{name}={tab}" for page, (name, tabs) in TABS.items() for tab in tabs),
    *(f"training?part={part}" for part in ("demand", "courses", "commissioned")),
    *("openings?part=sources", "policies?part=payments", "people?person=124"),
)


def columns(data: Any, datasets: Mapping[str, Any]) -> set[str]:
    """Names of the columns of ``data`` of a Vega-Lite view."""
    rows = datasets[data["name"]] if "name" in data else data.get("values", [])
    return set(rows.columns) if isinstance(rows, pd.DataFrame) else {name for row in rows for name in row}


def made(view: Mapping[str, Any]) -> set[str]:
    """Names of the columns that the transforms of a view make."""
    names: set[str] = set()
    for step in view.get("transform", []):
        new = step.get("as", [])
        names |= {new} if isinstance(new, str) else set(new)
        names |= {part["as"] for kind in ("aggregate", "window", "joinaggregate") for part in step.get(kind, [])}
        names |= {"key", "value"} if "fold" in step and not new else set()
    return names


def missing(view: Mapping[str, Any], datasets: Mapping[str, Any], known: Collection[str] = ()) -> Iterator[str]:
    """The fields that a view and its layers encode and that neither their rows nor their transforms have."""
    known = (columns(view["data"], datasets) if "data" in view else set(known)) | made(view)
    if known:
        for channel, encoded in view.get("encoding", {}).items():
            for part in encoded if isinstance(encoded, list) else [encoded]:
                fields = (
                    {part.get("field"), part.get("condition", {}).get("field")} if isinstance(part, dict) else set()
                )
                yield from (f"{channel}: {field}" for field in fields if isinstance(field, str) and field not in known)
    for inner in view.get("layer", []) + view.get("hconcat", []) + view.get("vconcat", []):
        yield from missing(inner, datasets, known)


@pytest.mark.parametrize("address", ADDRESSES)
def test_charts_encode_columns_that_their_rows_have(
    sample: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    specs: list[dict[str, Any]] = []
    draw = charts.st.vega_lite_chart

    def record(*args: Any, spec: dict[str, Any], **options: Any) -> Any:
        specs.append(spec)
        return draw(*args, spec=spec, **options)

    monkeypatch.setattr(charts.st, "vega_lite_chart", record)
    page, _, query = address.partition("?")
    at = sample(page, **dict(pair.split("=") for pair in query.split("&") if pair))

    assert not at.exception
    faults = {spec["title"] or str(spec)[:80]: list(missing(spec, spec.get("datasets", {}))) for spec in specs}
    assert {title: fields for title, fields in faults.items() if fields} == {}
