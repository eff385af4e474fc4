"""Load the sample district through the same import that people use, in one transaction.

Either all of it is stored, with the setting ``demo`` as the mark, or nothing: a process that is killed on the way
leaves an empty store, and a second process that starts at the same time waits for the first, then has nothing to do.
"""

from __future__ import annotations

import json
import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import OperationalError

from core.accounts.demonstration import add_demonstration_accounts
from core.intake import decisions, queries
from core.intake.commit import apply_plan
from core.intake.findings import Decision, Refusal
from core.intake.planning.plan import Cancelled, ImportPlan, ImportRequest, Options, Progress, plan_import
from core.intake.reading.detection import detect, propose_mapping
from core.intake.reading.upload import read_upload
from core.intake.sheets import SHEETS
from core.policy import Access, Action
from core.store.commands import Change, command
from core.store.database import Database
from core.store.schema import Community
from core.store.settings import district, save_setting

__all__ = ["DECISIONS", "SAMPLE_AS_OF", "NotEmpty", "SeedError", "seed_sample"]

SAMPLE_AS_OF = date(2025, 12, 28)
DECISIONS = "decisions.json"  # beside the sheets: see ``core.intake.decisions``
PATIENCE = 120.0  # seconds to wait for another process that is loading the sample


class NotEmpty(RuntimeError):
    """The store holds real data, with which the sample district is not mixed."""


class SeedError(RuntimeError):
    """A sheet of the sample does not import cleanly; the message names file, row and reason."""


def seed_sample(db: Database, folder: Path, actor: Access, at: datetime, progress: Progress | None = None) -> bool:
    """Load ``folder`` into an empty store; False if the sample was there already.

    ``progress(done, total)`` counts sheets. Raises NotEmpty, SeedError or Cancelled; the store then is as it was.
    """
    deadline = time.monotonic() + PATIENCE
    while True:
        with db.read() as connection:
            if district(connection).demo:
                return False
        try:
            with command(db, actor=actor, action=Action.IMPORT, at=at) as change:
                return _load(change, db.key, folder, progress)
        except OperationalError as error:
            if "locked" not in str(error.orig) or time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _load(change: Change, hmac_key: bytes, folder: Path, progress: Progress | None) -> bool:
    connection = change.session.connection()
    if district(connection).demo:  # another process was quicker
        return False
    if not queries.is_empty(connection):
        raise NotEmpty("the store is not empty")
    files = {path.stem.partition("_")[2]: path for path in sorted(folder.glob("*.csv"))}
    missing = [code for code in SHEETS if code not in files]
    if missing:
        raise SeedError(f"sheets missing in {folder}: {', '.join(missing)}")
    for done, code in enumerate(SHEETS):
        if progress is not None and progress(done, len(SHEETS)) is False:
            raise Cancelled
        plan = _plan(connection, hmac_key, files[code], code)
        if not plan.ready:
            raise SeedError(_first_errors(files[code], plan))
        apply_plan(change, plan)
        change.batch_id = None
        if code == "communities":
            _store_boundaries(change, folder / "geometry" / "communities.geojson")
        change.write_audit()
    if (decided := folder / DECISIONS).exists():
        decisions.load(change, json.loads(decided.read_text(encoding="utf-8")))
        change.write_audit()
    save_setting(change, "as_of", SAMPLE_AS_OF.isoformat())
    save_setting(change, "demo", "1")
    add_demonstration_accounts(change)
    return True


def _plan(connection: Any, hmac_key: bytes, path: Path, code: str) -> ImportPlan:
    upload = read_upload(path.read_bytes(), path.name)
    if isinstance(upload, Refusal):
        raise SeedError(f"{path.name}: {upload.code}")
    table = detect(upload).table
    request = ImportRequest(
        file_name=path.name,
        sha256=upload.sha256,
        sheet=code,
        table=table,
        mapping=propose_mapping(table.headers, SHEETS[code]),
        options=Options(otherwise=Decision.SAME_PERSON),
    )
    return plan_import(connection, request, hmac_key)


def _first_errors(path: Path, plan: ImportPlan) -> str:
    errors = [f"row {f.row}, {f.column}: {f.code} {dict(f.values)}" for f in plan.errors[:5]]
    return f"{path.name}: {len(plan.errors)} errors; " + "; ".join(errors)


def _store_boundaries(change: Change, path: Path) -> None:
    """Outlines of the communities by their code."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    shapes = {feature["properties"]["code"]: feature["geometry"] for feature in features}
    for community, code in queries.community_codes(change.session.connection()):
        if code in shapes:
            change.edit(Community, community, {"boundary": shapes[code], "boundary_source": "voronoi"})
