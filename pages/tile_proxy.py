"""Routes for tiles of Tianditu: off unless ``TIANDITU_KEY`` is set. The key stays on the server.

``TIANDITU_SERVER`` names another address of the service, for instance an approved mirror on the office network.
"""

from __future__ import annotations

import json
import logging
import os
import re
import time
from asyncio import get_running_loop
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from secrets import token_hex
from threading import Lock

import requests
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from urllib3.exceptions import HTTPError

from core.accounts.queries import district_ids
from core.job_map.tiles import BLANK, LARGEST, Bounds, address, around, bounds_of, is_image, is_served, with_tiles
from pages import cache

__all__ = ["Tianditu", "answer", "is_on", "style"]

log = logging.getLogger("dashboard.tiles")

STATIC = Path(__file__).parent / "static"
TIMEOUT = 4.0  # seconds
PAUSE = 30.0  # seconds without a request after a failure, so that nobody waits for a service that is down
FRESH = 30 * 86_400  # seconds that a stored tile is not asked for again
WORKERS = ThreadPoolExecutor(4, thread_name_prefix="tiles")


@dataclass
class Tianditu:
    """The service with its key, and the folder where its tiles are stored."""

    server: str
    key: str = field(repr=False)
    folder: Path
    rests_until: float = 0.0
    lock: Lock = field(default_factory=Lock, repr=False)

    def tile(self, layer: str, z: int, x: int, y: int) -> bytes | None:
        """A tile from the disk, else from the service, else an old one; None if there is none."""
        path = self.folder / layer / str(z) / str(x) / f"{y}.tile"
        stored = path.read_bytes() if path.exists() else None
        if stored is not None and time.time() - path.stat().st_mtime < FRESH:
            return stored
        data = self._fetch(address(self.server, layer, z, x, y, self.key))
        if data is None:
            return stored
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{token_hex(4)}")
        part.write_bytes(data)
        part.replace(path)
        return data

    def _fetch(self, url: str) -> bytes | None:
        """The picture at ``url``; None, and a pause, if the service fails."""
        if time.monotonic() < self.rests_until:
            return None
        try:  # no redirects: the key goes to the named server alone
            with requests.get(url, timeout=TIMEOUT, allow_redirects=False, stream=True) as response:
                data: bytes = response.raw.read(LARGEST + 1, decode_content=True)
            if response.status_code != 200:
                problem = f"answered {response.status_code}"
            elif is_image(data):
                return data
            else:
                problem = "answered, but not with a picture: is the key right, and of the kind for servers?"
        except (OSError, ValueError, HTTPError) as error:  # no network, no such host, time is up, half an answer
            problem = f"can't be reached ({type(error).__name__})"
        with self.lock:
            if time.monotonic() >= self.rests_until:
                # never the address: it holds the key
                log.warning("Tianditu %s; the sketched base map is shown", problem)
            self.rests_until = time.monotonic() + PAUSE
        return None


def is_on() -> bool:
    """Whether a key is configured."""
    return bool(os.environ.get("TIANDITU_KEY", "").strip())


@lru_cache(maxsize=1)
def service(key: str, server: str, folder: Path) -> Tianditu:
    """One service a process, so that its pause after a failure holds for everybody."""
    return Tianditu(server, key, folder)


def configured() -> Tianditu | None:
    """The service as the environment has it; its tiles are stored beside a database that is a file, else under ``var/``."""
    if not is_on():
        return None
    server = os.environ.get("TIANDITU_SERVER", "https://t0.tianditu.gov.cn")
    return service(os.environ["TIANDITU_KEY"].strip(), server, cache.store.city().folder / "tiles")


def served_bounds() -> Bounds | None:
    """The box around the communities, of a city those of all its districts; None without any."""
    with cache.store.city().read() as connection:
        districts = list(district_ids(connection)) or [None]
    bounds_of_each = []
    for key in districts:
        with cache.store.within(key):
            bounds_of_each.append(bounds_of(cache.job_map.stored_outlines(cache.store.revision()).communities))
    return around([bounds for bounds in bounds_of_each if bounds is not None])


async def answer(request: Request) -> Response:
    """A tile; a clear one, marked and not cached, if the service fails; 404 for anything but a tile of the district."""
    tianditu = configured()
    layer = request.path_params["layer"]
    z, x, y = (request.path_params[name] for name in "zxy")
    bounds = await run_in_threadpool(served_bounds)
    if tianditu is None or bounds is None or not is_served(layer, z, x, y, bounds):
        return Response(status_code=404)
    data = await get_running_loop().run_in_executor(WORKERS, tianditu.tile, layer, z, x, y)
    if data is None:
        return Response(BLANK, media_type="image/png", headers={"Cache-Control": "no-store", "X-Tile": "missing"})
    kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    return Response(data, media_type=kind, headers={"Cache-Control": "private, max-age=86400"})


async def style(request: Request) -> Response:
    """A base map of ``pages/static`` with the tiles over it."""
    name = request.path_params["name"]
    bounds = await run_in_threadpool(served_bounds)
    path = STATIC / f"{name}.json"
    if not is_on() or bounds is None or not re.fullmatch(r"map_[a-z]+_(light|dark)", name) or not path.exists():
        return Response(status_code=404)
    sketch = json.loads(path.read_text(encoding="utf-8"))
    return JSONResponse(with_tiles(sketch, name.rpartition("_")[2], bounds), headers={"Cache-Control": "no-cache"})
