"""Widths of mixed text."""

from __future__ import annotations

import pytest

from core.locale.width import columns


@pytest.mark.parametrize(("text", "width"), [("", 0), ("abc", 3), ("荷风 A", 6), ("（一）", 6), ("ｶﾅ", 2), ("3.5%", 4)])
def test_chinese_and_full_width_letters_take_two_columns(text, width):
    assert columns(text) == width
