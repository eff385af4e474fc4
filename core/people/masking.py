"""Names and numbers as a screen shows them by default: enough to recognise one's own client, not to find a stranger."""

from __future__ import annotations

import pandas as pd

__all__ = ["SHOWN_DIGITS", "mask_name", "mask_phone"]

SHOWN_DIGITS = 4  # of a masked phone, at its end


def mask_name(name: object) -> str:
    """'张晓明' → '张*明', '李四' → '李*', 'Anna' → 'A**a'; missing → ''."""
    text = "" if pd.isna(name) else str(name).strip()
    if len(text) <= 1:
        return "*" if text else ""
    if len(text) == 2:
        return text[0] + "*"
    return text[0] + "*" * (len(text) - 2) + text[-1]


def mask_phone(phone: object) -> str:
    """'13812345678' → '138****5678'; shorter numbers keep the last two digits."""
    text = "" if pd.isna(phone) else str(phone).strip()
    if len(text) >= 11:
        return f"{text[:3]}****{text[-SHOWN_DIGITS:]}"
    return "*" * max(len(text) - 2, 0) + text[-2:]
