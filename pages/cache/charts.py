"""What pages draw from the same figures in the same language, built once for all sessions: charts, maps, tables of words.

Altair builds a chart in 20–100 ms, so a warm run takes the one that is kept here.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, overload

import altair as alt

__all__ = ["built", "specification", "specification_of"]

alt.data_transformers.disable_max_rows()  # our charts show aggregates; the rows travel inside the specification
Result = TypeVar("Result")

KEPT = 300  # results, of about 20 kB
DEFAULT_VIEW = ("continuousWidth", "continuousHeight")  # of Altair's theme, which Streamlit leaves out as well


class _Kept:
    """The newest results of functions, each computed once however many sessions ask, with the arguments behind them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._turn = threading.Lock()  # one builds at a time: it is all Python, threads would only slow each other down
        self._results: OrderedDict[Hashable, tuple[Any, Any]] = OrderedDict()

    def get(self, key: Hashable, arguments: Any, compute: Callable[[], Any]) -> Any:
        """The result for ``key``; ``arguments`` are held with it, so that no other object gets their identity."""
        kept = self._find(key)
        if kept is None:
            with self._turn:
                kept = self._find(key) or (arguments, compute())
                with self._lock:
                    self._results[key] = kept
                    if len(self._results) > self._size:
                        self._results.popitem(last=False)
        return kept[1]

    def _find(self, key: Hashable) -> tuple[Any, Any] | None:
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key)


_KEPT = _Kept(KEPT)


def built(build: Callable[..., Result], *args: Any, **options: Any) -> Result:
    """``build(*args, **options)``, from the results that are kept here if it was built before.

    ``build`` is a pure function of its arguments that calls nothing of this module; nobody changes what it returns.
    Frames, models and other values that cannot be hashed count as the same when they are the same object: take them from
    a cache, one that is made anew in each run is never met again.
    """
    key = (build, tuple(map(_identity, args)), tuple((name, _identity(value)) for name, value in options.items()))
    result: Result = _KEPT.get(key, (args, options), lambda: build(*args, **options))
    return result


@overload
def specification_of(build: Callable[..., alt.TopLevelMixin], *args: Any, **options: Any) -> dict[str, Any]: ...


@overload
def specification_of(build: Callable[..., Any], *args: Any, **options: Any) -> dict[str, Any] | None: ...


def specification_of(build: Callable[..., Any], *args: Any, **options: Any) -> dict[str, Any] | None:
    """Vega-Lite specification of the chart ``build(*args, **options)``, see ``built``; None where that returns None."""
    return built(_specification_of, build, *args, **options)


def _specification_of(build: Callable[..., Any], *args: Any, **options: Any) -> dict[str, Any] | None:
    chart = build(*args, **options)
    return None if chart is None else specification(chart)


def specification(chart: Any) -> dict[str, Any]:
    """An Altair chart as Vega-Lite with its rows inside each layer: from the top Streamlit would convert them every run.

    Not checked against the schema, which takes longer than building it; tests build every chart with the check.
    """
    spec: dict[str, Any] = chart.to_dict(validate=False)
    config = spec.get("config", {})
    spec["config"] = config | {"view": {k: v for k, v in config.get("view", {}).items() if k not in DEFAULT_VIEW}}
    datasets = spec.pop("datasets", {})
    shared = spec.pop("data", None) if "layer" in spec else None
    if shared is not None:
        spec["layer"] = [{"data": shared} | layer for layer in spec["layer"]]
    placed: dict[str, Any] = _with_rows(spec, datasets)
    return placed


def _with_rows(part: Any, datasets: Mapping[str, Any]) -> Any:
    """``part`` of a specification with the rows of a named data set in the place of its name."""
    if isinstance(part, dict):
        if set(part) == {"name"} and part["name"] in datasets:
            return {"values": datasets[part["name"]]}
        return {name: _with_rows(inner, datasets) for name, inner in part.items()}
    if isinstance(part, list):
        return [_with_rows(inner, datasets) for inner in part]
    return part


def _identity(value: Any) -> Hashable:
    """What tells one argument from another: the value if it can be hashed, else which object it is.

    A model without an equality of its own is its parts, since a page puts one together anew in each run.
    """
    if is_dataclass(value) and type(value).__eq__ is object.__eq__:
        return (type(value), *(_plain(getattr(value, part.name)) for part in fields(value)))
    return _plain(value)


def _plain(value: Any) -> Hashable:
    if isinstance(value, Mapping):
        return tuple((name, _plain(inner)) for name, inner in value.items())
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(map(_plain, value))
    try:
        hash(value)
    except TypeError:
        return ("object", id(value))
    return (type(value), value)
