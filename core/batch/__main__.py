"""Nightly runs over the store behind DATABASE_URL. A run that was stopped goes on where it was.

python -m core.batch match --preset balanced          the first 50 of every opening and of every person
python -m core.batch match --reach 60 --workers 2     on two processes, nobody farther than 60 minutes from an opening
python -m core.batch access                           openings per person within reach (E2SFCA), by home and community
python -m core.batch match --district lakeside        in a city: one district, else all of them one after the other
python -m core.batch assign                           people to openings: the optimum of each tile, then across borders
DASK_SCHEDULER=tcp://10.0.0.5:8786 python -m core.batch match --reach 60       on a cluster that shares the folder
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Connection

from core.access import queries as access_queries
from core.access.e2sfca import BANDS
from core.access.snapshot import make_snapshot
from core.accounts.queries import district_ids
from core.batch.access import AccessPart, SummaryPart, access_partition, summarise, write_access_inputs
from core.batch.assignment import AssignPart, BorderPart, assign_across, assign_partition, bound_of
from core.batch.engine import Compute, Engine, PartFailed, opened
from core.batch.files import is_intact
from core.batch.matching import LISTED, MatchPart, match_partition, merge_partition
from core.batch.pairs import Rules
from core.batch.region import Region, read_region, write_region
from core.batch.run import Round, begin, remove_older, run, run_folder
from core.dispatch.frozen_week import week_end, week_of
from core.geography.plane import TravelMode, travel
from core.locale import BUREAU_ZONE
from core.matching.evidence import VERSION
from core.matching.inputs.goalposts import Goalposts
from core.matching.inputs.loading import load
from core.matching.inputs.queries import presets as saved_presets
from core.matching.ranking.presets import Preset, presets
from core.matching.ranking.scoring import as_weights
from core.store import settings
from core.store.database import Database, from_environment, make_private_folder

__all__ = ["main"]


@dataclass(frozen=True)
class Occasion:
    """What a run is for: a week, the day that ages are counted to, the state of the store, and where it is kept."""

    week: str
    day: date
    revision: int
    folder: Path
    mode: TravelMode

    @property
    def inputs(self) -> Path:
        return self.folder / "inputs"

    def frozen(self, **values: Any) -> dict[str, Any]:
        """What the result rests on, as plain JSON values."""
        libraries = {name: version(name) for name in ("numpy", "pyarrow")}
        return {
            "week": self.week,
            "day": self.day.isoformat(),
            "revision": self.revision,
            "mode": self.mode.value,
            "libraries": libraries,
            **values,
        }


class _Refused(Exception):
    """What was asked for can't be computed; the message says why."""


def main(arguments: Sequence[str] | None = None, *, now: datetime | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 for a part that could not be computed, 2 for a refusal."""
    options = _parser().parse_args(arguments)

    def clock() -> datetime:
        return now or datetime.now(UTC)

    db = from_environment()
    engine = Engine(options.workers, options.memory, os.environ.get("DASK_SCHEDULER") or None)
    try:
        stores = _stores(db, options.district)
        with opened(engine) as computed:
            for store in stores:
                _run(store, options, computed, clock)
    except _Refused as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except PartFailed as error:
        sys.stderr.write(f"\n{error}\nThe finished parts are kept; the same command goes on with the others.\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. The finished parts are kept; the same command goes on with the others.\n")
        return 130
    finally:
        db.dispose()
    return 0


def _stores(db: Database, district: str | None) -> list[Database]:
    """The stores to run over: of a city the ``district``, or all of them one after the other."""
    with db.read() as connection:
        districts = [] if db.district is not None else list(district_ids(connection))
    if district is None:
        return [db.of(key) for key in districts] or [db]
    if district not in districts:
        raise _Refused(f"There is no district {district!r} here; there are {', '.join(districts) or 'none'}.")
    return [db.of(district)]


def _run(db: Database, options: argparse.Namespace, computed: Compute, clock: Callable[[], datetime]) -> None:
    """One command over one store."""
    with db.read() as connection:
        try:
            occasion = _occasion(connection, db, options, clock())
        except ValueError as error:
            raise _Refused(str(error)) from error
        for folder in (occasion.folder.parent, occasion.folder, occasion.inputs):
            make_private_folder(folder)
        rounds, inputs, summary = COMMANDS[options.command](connection, occasion, options)
    folder = occasion.folder / options.command
    manifest = begin(folder, options.command, inputs, clock())
    run(folder, manifest, rounds, computed, clock, _show_progress)
    remove_older(occasion.folder.parent, occasion.folder, options.command)
    sys.stdout.write(f"{folder}: {manifest.rows:,} rows, digest {manifest.digest[:16]}{summary(folder)}\n")


def _occasion(connection: Connection, db: Database, options: argparse.Namespace, moment: datetime) -> Occasion:
    today = settings.district(connection).as_of or moment.astimezone(BUREAU_ZONE).date()
    week = options.week or week_of(today)
    end = week_end(week)
    if end.toordinal() - today.toordinal() >= 7:
        raise ValueError(f"{week} has not begun yet.")
    revision = db.revision()
    folder = run_folder(db.batch_folder, week, revision)
    return Occasion(week, min(end, today), revision, folder, TravelMode.of(options.mode))


Summary = Callable[[Path], str]  # what is said of a finished run beside its rows
Prepared = tuple[list[Round], dict[str, Any], Summary]


def _match(connection: Connection, occasion: Occasion, options: argparse.Namespace) -> Prepared:
    region, rules, inputs = _ranking_inputs(connection, occasion, options)
    folder, tiles = occasion.folder / "match", range(len(region.tiles))
    parts = {n: MatchPart(n, region.folder, folder, rules, options.listed) for n in tiles}
    rounds = [
        Round({f"match-{n:05}": part for n, part in parts.items()}, match_partition),
        Round({f"merge-{n:05}": part for n, part in parts.items()}, merge_partition),
    ]
    return rounds, inputs | {"listed": options.listed}, lambda _folder: ""


def _assign(connection: Connection, occasion: Occasion, options: argparse.Namespace) -> Prepared:
    region, rules, inputs = _ranking_inputs(connection, occasion, options)
    folder = occasion.folder / "assign"
    rounds = [
        Round(
            {f"assign-{n:05}": AssignPart(n, region.folder, folder, rules) for n in range(len(region.tiles))},
            assign_partition,
        ),
        Round({"across": BorderPart(region.folder, folder, rules)}, assign_across),
    ]

    def summary(folder: Path) -> str:
        bound = bound_of(folder)
        return f"; {bound.placed:,} people placed, no assignment places more than {bound.at_most:,}"

    return rounds, inputs, summary


def _access(connection: Connection, occasion: Occasion, options: argparse.Namespace) -> Prepared:
    snapshot = make_snapshot(access_queries.load(connection, occasion.day))
    way = travel(settings.parameters(connection), occasion.mode, occasion.day)
    bands = BANDS.within(options.minutes)
    files = write_access_inputs(
        occasion.inputs,
        snapshot.homes,
        snapshot.communities["id"].to_numpy(dtype=np.int64)[snapshot.home_of],
        snapshot.site_xy,
        snapshot.supply,
        way.metres(bands.limit),
        tile=options.tile,
    )
    folder, tiles = occasion.folder / "access", len(files) // 2
    rounds = [
        Round(
            {f"access-{n:05}": AccessPart(n, occasion.inputs, folder, way, bands) for n in range(tiles)},
            access_partition,
        ),
        Round({"communities": SummaryPart(tiles, folder)}, summarise),
    ]
    inputs = occasion.frozen(travel=asdict(way), bands=asdict(bands), files=[entry.sha256 for entry in files])
    return rounds, inputs, lambda _folder: ""


COMMANDS: dict[str, Callable[[Connection, Occasion, argparse.Namespace], Prepared]] = {
    "match": _match,
    "access": _access,
    "assign": _assign,
}


def _ranking_inputs(
    connection: Connection, occasion: Occasion, options: argparse.Namespace
) -> tuple[Region, Rules, dict[str, Any]]:
    """People and openings in tiles, the rules of the scores, and what both rest on."""
    pool = load(connection, occasion.day)
    preset = _preset(connection, options.preset)
    rules = Rules(as_weights(preset.weights), pool.goalposts, occasion.mode, options.reach)
    region = _laid_out(occasion.inputs, options.tile)
    if region is None:
        person, job = np.nonzero(pool.refused)
        ended = np.stack([pool.seekers.ids[person], pool.openings.ids[job]], axis=1)
        region = write_region(occasion.inputs, pool.seekers, pool.openings, ended, tile=options.tile)
    inputs = occasion.frozen(
        preset=preset.key,
        sliders=preset.weights,
        goalposts=frozen_goalposts(pool.goalposts),
        reach=options.reach,
        formulas=VERSION,
        files=region.sums,
    )
    return region, rules, inputs


def _laid_out(folder: Path, tile: int) -> Region | None:
    """The inputs that an earlier run of the same state laid out, if they are whole and in tiles of this size."""
    try:
        region = read_region(folder)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    entries = [entry for each in region.tiles for entry in (each.people, each.openings)] + [region.refused]
    is_whole = region.tile == tile and all(is_intact(folder, entry) for entry in entries)
    return region if is_whole else None


def frozen_goalposts(goalposts: Goalposts) -> dict[str, Any]:
    """Goalposts and expected values as plain JSON values."""
    values = {name: getattr(goalposts, name) for name in Goalposts.__dataclass_fields__}
    ways = {mode.value: asdict(way) for mode, way in goalposts.travel.items()}
    return values | {"travel": ways, "expected": dict(goalposts.expected)}


def _preset(connection: Connection, key: str) -> Preset:
    known = {preset.key: preset for preset in presets(saved_presets(connection))}
    if key not in known:
        raise SystemExit(f"There is no preset {key!r}; there are {', '.join(known)}.")
    return known[key]


def _show_progress(done: int, parts: int, rows: int) -> None:
    """A line that is written over on a terminal, one for each tenth elsewhere."""
    text = f"{done} of {parts} parts, {rows:,} rows"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text}" + ("\n" if done == parts else ""))
        sys.stderr.flush()
    elif done * 10 // parts > (done - 1) * 10 // parts:
        sys.stderr.write(text + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.batch", description="Nightly runs over the store.")
    commands = parser.add_subparsers(dest="command", required=True)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--district", metavar="KEY", help="of a city; default: all of its districts")
    common.add_argument("--week", help="ISO week such as 2025-W52; default: the present one")
    common.add_argument("--mode", choices=[mode.value for mode in TravelMode], default=TravelMode.WALK.value)
    common.add_argument("--workers", type=_count, default=1, help="processes on this machine; default: 1")
    common.add_argument("--memory", type=_count, default=400, help="MB that each of several processes may grow to")
    common.add_argument("--tile", type=_count, default=8192, help="people in a part at most")
    ranking = argparse.ArgumentParser(add_help=False)
    ranking.add_argument("--preset", default="balanced", help="key of a built-in preset or number of a saved one")
    ranking.add_argument(
        "--reach", type=float, help="minutes beyond which a pair is not considered; default: the whole store"
    )
    match = commands.add_parser("match", parents=[common, ranking], help="first lists of every opening and person")
    match.add_argument("--listed", type=_count, default=LISTED, help="entries of a list")
    access = commands.add_parser("access", parents=[common], help="openings per person within reach")
    access.add_argument("--minutes", type=float, default=BANDS.limit, help="end of the last band")
    commands.add_parser("assign", parents=[common, ranking], help="people to openings, tile by tile")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


if __name__ == "__main__":
    sys.exit(main())
