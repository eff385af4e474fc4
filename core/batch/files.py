"""Files of a run: parquet tables written whole or not at all, and the manifest that names them.

A file is written under a temporary name, flushed to the disk and renamed; the manifest lists it with its SHA-256. What
the manifest does not list, or lists with another sum, does not exist for anybody who reads.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = [
    "DamagedFile",
    "FileEntry",
    "Manifest",
    "canonical",
    "digest_of",
    "is_intact",
    "read_manifest",
    "read_table",
    "remove_temporary_files",
    "write_bytes",
    "write_manifest",
    "write_table",
]

MANIFEST = "manifest.json"
TEMPORARY = ".tmp"
FORMAT = 1


class DamagedFile(ValueError):
    """A file is not the one that its manifest lists."""


@dataclass(frozen=True)
class FileEntry:
    """A parquet file of a part: name inside the folder, rows, SHA-256 in hexadecimal."""

    name: str
    rows: int
    sha256: str


@dataclass
class Manifest:
    """What a folder of parts holds and rests on.

    ``inputs`` are plain JSON values (day, revision, weights, goalposts, sums of the input files …) and ``parts`` the
    files of each finished part. ``finished_at`` is empty while parts are missing.
    """

    command: str
    inputs: dict[str, Any]
    parts: dict[str, list[FileEntry]] = field(default_factory=dict)
    started_at: str = ""
    finished_at: str = ""

    @property
    def inputs_digest(self) -> str:
        """SHA-256 of ``inputs``: two runs with the same one have the same result."""
        return digest_of(self.inputs)

    @property
    def digest(self) -> str:
        """SHA-256 over the names and sums of every file: the same for the same result, whoever computed the parts."""
        return digest_of({part: [asdict(entry) for entry in files] for part, files in self.parts.items()})

    @property
    def rows(self) -> int:
        return sum(entry.rows for files in self.parts.values() for entry in files)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest_of(value: Any) -> str:
    """SHA-256 of plain JSON data in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def write_bytes(path: Path, content: bytes | memoryview | pa.Buffer) -> None:
    """Write a file for its owner alone: under a temporary name, flushed, then renamed; an error leaves nothing behind."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}{TEMPORARY}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can (Windows cannot open a folder)."""
    if os.name != "nt":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def write_table(path: Path, table: pa.Table, *, delta: Sequence[str] = ()) -> FileEntry:
    """Write ``table`` as parquet; columns of ``delta`` (whole numbers that change little) as differences.

    The same table gives the same bytes with the same version of pyarrow.
    """
    sink = pa.BufferOutputStream()
    plain = [name for name in table.column_names if not pa.types.is_dictionary(table.schema.field(name).type)]
    pq.write_table(
        table,
        sink,
        compression="NONE",
        use_dictionary=[name for name in table.column_names if name not in plain],
        column_encoding={name: "DELTA_BINARY_PACKED" if name in delta else "PLAIN" for name in plain},
        write_statistics=["person_id", "job_id"],
    )
    content = sink.getvalue()
    write_bytes(path, content)
    return FileEntry(path.name, table.num_rows, hashlib.sha256(content).hexdigest())


def is_intact(folder: Path, entry: FileEntry) -> bool:
    """Whether the file is there and is the one that was written."""
    path = folder / entry.name
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == entry.sha256


def read_table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """A parquet file, or some of its columns, read by the calling thread alone."""
    with pq.ParquetFile(path) as file:
        return file.read(columns=columns, use_threads=False)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest of a folder."""
    content = {
        "format": FORMAT,
        "inputs_digest": manifest.inputs_digest,
        "digest": manifest.digest if manifest.finished_at else "",
        **asdict(manifest),
    }
    write_bytes(folder / MANIFEST, json.dumps(content, ensure_ascii=False, indent=1).encode())


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; None where there is none, or one of another format or that says what it should not."""
    try:
        content = json.loads((folder / MANIFEST).read_bytes())
        parts = {part: [FileEntry(**entry) for entry in files] for part, files in content["parts"].items()}
        manifest = Manifest(content["command"], content["inputs"], parts, content["started_at"], content["finished_at"])
        is_own = content["format"] == FORMAT and content["inputs_digest"] == manifest.inputs_digest
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return manifest if is_own else None


def remove_temporary_files(folder: Path) -> None:
    """Take away what a process that was killed left half-written."""
    for draft in folder.glob(f".*{TEMPORARY}"):
        draft.unlink(missing_ok=True)


Parts = Mapping[str, list[FileEntry]]
