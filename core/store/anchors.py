"""Anchors of the audit log outside the store: a line for each frozen week, in a file that only its owner reads.

Whoever can cut the end off the log in the database can't also change what was printed, or a copy of this file elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from core.store.audit_chain import Anchor
from core.store.database import Database, make_private_file, make_private_folder

__all__ = ["FILE_NAME", "anchor_file", "note_anchors", "noted_anchors", "parse_anchor"]

FILE_NAME = "anchors.log"


def anchor_file(db: Database) -> Path:
    """The file of anchors beside the store."""
    return db.folder / FILE_NAME


def note_anchors(file: Path, anchors: Iterable[Anchor], at: datetime) -> None:
    """Append a line for each anchor: time, place, count and hash, separated by tabs."""
    make_private_folder(file.parent)
    make_private_file(file)
    with file.open("a", encoding="utf-8") as lines:
        lines.writelines(f"{at.isoformat()}\t{a.place}\t{a.count}\t{a.hash}\n" for a in anchors)
        lines.flush()
        os.fsync(lines.fileno())


def noted_anchors(file: Path) -> list[Anchor]:
    """The anchors of a file, oldest first; none where there is no file. ValueError for a line that is none."""
    if not file.exists():
        return []
    anchors = []
    for line in file.read_text(encoding="utf-8").splitlines():
        _, place, count, digest = line.split("\t")
        anchors.append(Anchor(int(count), digest, place))
    return anchors


def parse_anchor(text: str) -> Anchor:
    """An anchor as documents print it, '12345/0a1b2c3d4e5f'; ValueError for anything else."""
    count, _, digest = text.strip().replace(",", "").partition("/")
    if not count.isdecimal() or len(digest) < 8 or set(digest) - set("0123456789abcdef"):
        raise ValueError(f"{text!r} is not an anchor such as 12345/0a1b2c3d4e5f")
    return Anchor(int(count), digest, text.strip())
