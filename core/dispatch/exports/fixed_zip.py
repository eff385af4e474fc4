"""Office files whose bytes depend on their content alone: entries in order of name, without times of building."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

__all__ = ["fixed_zip"]

EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip entry can have
TYPES = "[Content_Types].xml"  # comes first in an Office file
TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")


def fixed_zip(data: bytes, day: date) -> bytes:
    """The Office file ``data`` with ``day`` as its time of creation and change, also in workbooks embedded in it."""
    out = io.BytesIO()
    moment = f"{day.isoformat()}T00:00:00Z".encode()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != TYPES, name)):
            content = source.read(name)
            if name.endswith(".xlsx"):
                content = fixed_zip(content, day)
            elif name == "docProps/core.xml":
                content = TIMES.sub(rb"\g<1>" + moment + rb"\g<3>", content)
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            target.writestr(entry, content, compresslevel=6)
    return out.getvalue()
