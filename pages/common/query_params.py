"""Choices that live in the address by stable code, so that a view is a link in either language.

``bind="query-params"`` writes what an option *looks* like into the address: right for numbers and plain codes,
wrong for translated labels and never for anything personal. These functions write codes.

    mode = url_choice(st.segmented_control, tr("Mode"), "mode", list(TravelMode), TravelMode.WALK, key=Key.MODE)

A choice is seeded into the session before its widget is drawn, once. No ``default=`` or ``index=`` argument may change
from run to run: that would make a new widget of it and lose what a person chose while the page was still running.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum
from typing import Any, TypeVar

import streamlit as st

__all__ = ["query_param", "set_query_param", "url_choice", "url_choices", "url_filter", "url_part", "url_switch"]

Option = TypeVar("Option")
ALL = "all"  # a choice with a default that was left open


def query_param(name: str, default: str = "") -> str:
    """The value of ``name`` in the address."""
    return str(st.query_params.get(name, default))


def set_query_param(name: str, value: object, default: object = "") -> None:
    """Write ``value`` into the address; the default leaves the address clean."""
    text = "" if value is None else str(value)
    if text and text != str(default):
        if st.query_params.get(name) != text:
            st.query_params[name] = text
    elif name in st.query_params:
        del st.query_params[name]


def url_choice(
    control: Callable[..., Option | None],
    label: str,
    name: str,
    options: Sequence[Option],
    default: Option | None,
    *,
    key: str,
    **appearance: Any,
) -> Option | None:
    """One of ``options``, kept in the address as ``name=code``; ``control`` is a Streamlit select widget.

    The code of an enum member is its value, of anything else its text. ``appearance`` goes to the widget
    (``format_func``, ``help``, ``label_visibility`` …). Where a widget with a default can be left open (``index=None``),
    that is ``name=all``.
    """
    if key not in st.session_state or st.session_state[key] not in (*options, None):
        wanted = query_param(name)
        open_or_default = None if wanted == ALL else default
        st.session_state[key] = next((option for option in options if _code(option) == wanted), open_or_default)
    picked = control(label, options, key=key, **appearance)
    code = (None if default is None else ALL) if picked is None else _code(picked)
    set_query_param(name, code, "" if default is None else _code(default))
    return picked


def url_filter(
    label: str,
    name: str,
    options: Sequence[Option],
    *,
    key: str,
    everything: str,
    format_func: Callable[[Option], str],
) -> Option | None:
    """A box that narrows a list to one of ``options``, kept in the address; None, and ``everything`` in the box, for all."""
    return url_choice(
        st.selectbox,
        label,
        name,
        options,
        None,
        key=key,
        format_func=format_func,
        placeholder=everything,
        label_visibility="collapsed",
    )


def url_part(label: str, titles: Mapping[str, str], *, key: str) -> str:
    """Which part of a page is shown, of code → title; kept in the address as ``part=code``, the first without one."""
    first = next(iter(titles))
    part = url_choice(
        st.segmented_control,
        label,
        "part",
        list(titles),
        first,
        key=key,
        format_func=titles.__getitem__,
        label_visibility="collapsed",
        required=True,
    )
    return part or first


def url_choices(
    control: Callable[..., Collection[Option]],
    label: str,
    name: str,
    options: Sequence[Option],
    *,
    key: str,
    default: Collection[Option] = (),
    separator: str = ".",
    **appearance: Any,
) -> list[Option]:
    """Several of ``options``, kept in the address as ``name=code.code``, in the order of ``options``.

    ``default`` leaves the address clean; where it is not empty, choosing nothing is written as ``name=none``.
    """

    def written(picked: Collection[Option]) -> str:
        return separator.join(_code(option) for option in options if option in picked)

    if key not in st.session_state or not set(st.session_state[key]) <= set(options):
        wanted = query_param(name, written(default)).split(separator)
        st.session_state[key] = [option for option in options if _code(option) in wanted]
    picked = control(label, options, key=key, **appearance)
    set_query_param(name, written(picked) or ("none" if default else ""), written(default))
    return [option for option in options if option in picked]


def url_switch(label: str, name: str, *, key: str, **appearance: Any) -> bool:
    """A toggle, kept in the address as ``name=1``."""
    if key not in st.session_state:
        st.session_state[key] = query_param(name) == "1"
    is_on = st.toggle(label, key=key, **appearance)
    set_query_param(name, "1" if is_on else None)
    return is_on


def _code(option: object) -> str:
    return str(option.value if isinstance(option, Enum) else option)
