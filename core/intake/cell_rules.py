"""What is read in every column alike, in words: for the sheet of explanations of each template and for the README."""

from __future__ import annotations

from core.locale import N_

__all__ = ["CELL_RULES"]

CELL_RULES: tuple[tuple[str, str], ...] = (
    (
        N_("blank, / , — , 无"),
        N_("Nothing is said: what is stored stays. Only where yes or no is asked, 无 means no."),
    ),
    (N_("清空"), N_("The stored value is deleted, where the column may be empty.")),
    (
        N_("同上 , 〃"),
        N_("The value of the row above, where two rows may share one; never a name, phone or ID number."),
    ),
    (N_("merged cells"), N_("The value counts in every row that the merged cell covers.")),
    (
        N_("lists"),
        N_(
            "Separated by 、 , ； / 和 or a line break; (熟练) behind a skill is its level; 等 is ignored with a remark."
        ),
    ),
    (
        N_("units"),
        N_("Converted with the arithmetic as a remark (3千, 100元/天, 1.5小时), or refused with the unit to write."),
    ),
    (
        N_("dates"),
        N_("2025-03-01, 2025年3月1日, 20250301; a month alone is its first day. An age is not a date of birth."),
    ),
    (
        N_("rows that are no data"),
        N_("Totals, numbers alone, repeated headers, section titles and signatures are listed and skipped."),
    ),
)
"""(what stands in a cell or row, how it is read)."""
