"""Choices that live in the address by stable code, so that a view is a link in either language.

``bind="query-params"`` writes what an option *looks* like into the address: right for numbers and plain codes,
wrong for translated labels and never for anything personal. These two lines write codes.
"""

from __future__ import annotations

import streamlit as st

__all__ = ["query_param", "set_query_param"]


def query_param(name: str, default: str = "") -> str:
    """What the address says of ``name``."""
    return str(st.query_params.get(name, default))


def set_query_param(name: str, value: object, default: object = "") -> None:
    """Write ``value`` into the address; the default leaves the address clean."""
    text = "" if value is None else str(value)
    if text and text != str(default):
        if st.query_params.get(name) != text:
            st.query_params[name] = text
    elif name in st.query_params:
        del st.query_params[name]
