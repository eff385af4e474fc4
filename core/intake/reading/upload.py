"""From the bytes of a workbook or CSV file to tables of typed raw cells with the row numbers of the spreadsheet.

Nothing is interpreted here: texts stay texts (CSV has nothing else), numbers stay numbers, so that a parser can tell
an ID number typed as text from one that Excel has rounded.
"""

from __future__ import annotations

import hashlib

from core.intake.findings import Refusal, UploadRefused
from core.intake.reading import gate
from core.intake.reading.csv_text import read_csv
from core.intake.reading.tables import Upload
from core.intake.reading.workbooks import read_workbook

__all__ = ["read_upload"]


def read_upload(data: bytes, name: str) -> Upload | Refusal:
    """The tables of a file of at most 10 MB, or why it is turned away. ``name`` is shown, never trusted."""
    try:
        accepted = gate.accept(data)
        tables = (read_csv(accepted.data, name),) if accepted.kind == "csv" else read_workbook(accepted)
        if not any(table.rows for table in tables):
            raise UploadRefused("no_table")
    except UploadRefused as refused:
        return refused.refusal
    return Upload(name, accepted.data, hashlib.sha256(accepted.data).hexdigest(), accepted.kind, tables)
