"""How long an import of nearly 20,000 people takes, and how much memory: run on demand, prints one line a format.

    python tests/benchmarks/bench_import.py

The last column is the whole import (reading, dry run, commit with its second dry run and audit chain) ÷ bare reading
of the same workbook with openpyxl, in the same run.
"""

from __future__ import annotations

import io
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from core.policy import system_access

ROOT = Path(__file__).resolve().parents[2]
ROWS = 19_900  # the gate lets 20,000 rows in, with title and header


def main() -> None:
    """Each step in a process of its own, because memory is only measured at its peak."""
    print(f"{ROWS:,} people     read s  plan s  commit s   total s  peak MB  ÷ bare openpyxl")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, __file__, "make", folder], check=True, cwd=ROOT)
        for kind in ("xlsx", "csv"):
            subprocess.run([sys.executable, __file__, kind, folder], check=True, cwd=ROOT)


def make(folder: Path) -> None:
    """Write the sheet in each format."""
    from tests.core.intake.files import csv_bytes, xlsx_bytes

    sheet = table()
    (folder / "people.xlsx").write_bytes(xlsx_bytes(sheet))
    (folder / "people.csv").write_bytes(csv_bytes(sheet))


def run(kind: str, folder: Path) -> None:
    """Measure one format."""
    import openpyxl

    from core.intake.commit import commit_import
    from core.intake.reading.detection import detect
    from core.store.database import Database
    from core.store.migrate import migrate
    from tests.core.intake.files import NOW, make_communities, plan_upload, upload

    data, book = (folder / f"people.{kind}").read_bytes(), (folder / "people.xlsx").read_bytes()
    start = time.perf_counter()
    for row in openpyxl.load_workbook(io.BytesIO(book), read_only=True).active.iter_rows(values_only=True):
        len(row)
    bare = time.perf_counter() - start
    with tempfile.TemporaryDirectory() as place:
        db = Database(f"sqlite:///{Path(place) / 'bench.db'}", key=b"k" * 32)
        migrate(db)
        make_communities(db)
        marks = [time.perf_counter()]
        file = upload(data)
        detected = detect(file)
        marks.append(time.perf_counter())
        plan = plan_upload(db, file, "job_seekers", detected.table, detected.mapping)
        assert plan.ready, plan.errors[:3]
        marks.append(time.perf_counter())
        commit_import(db, plan, system_access("bench"), NOW)
        marks.append(time.perf_counter())
    read, planned, committed = (b - a for a, b in itertools.pairwise(marks))
    total = marks[-1] - marks[0]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{kind:12}  {read:10.1f}{planned:8.1f}{committed:10.1f}{total:10.1f}{peak:9.0f}{total / bare:17.1f}")


def table() -> list[list[object]]:
    """A full registration sheet: every column of the template filled where people fill it."""
    from datetime import date, timedelta

    from core.intake.sheets import SHEETS
    from tests.core.intake.files import id_number

    columns = [c for c in SHEETS["job_seekers"].columns if not c.further]
    rows: list[list[object]] = [[c.header for c in columns]]
    for n in range(ROWS):
        born = date(1965, 1, 1) + timedelta(days=n % 14_000)  # of working age
        own = {
            "姓名": f"居民{n:05d}",
            "公民身份号码": id_number((n + n // 14_000) % 500, born),
            "联系电话": str(19900000000 + n),
            "出生年月": born.strftime("%Y-%m"),
            "常住地址": f"荷风社区{n % 30 + 1}号楼{n % 4 + 1}单元",
            "求职编号": f"QZ{n:06d}",
        }
        rows.append([own.get(c.header, c.example) for c in columns])
    return rows


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    match sys.argv[1:]:
        case ["make", folder]:
            make(Path(folder))
        case [kind, folder]:
            run(kind, Path(folder))
        case _:
            main()
