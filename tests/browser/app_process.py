"""The app as `streamlit run app.py` starts it, in a process forked from one that has everything imported.

A start from nothing spends several seconds on imports and as many on first computations. The fork server of
``multiprocessing`` does both once (``tests.browser.app_preload``); every server is then there in a fraction of a second.
"""

from __future__ import annotations

import multiprocessing
import os
from multiprocessing.process import BaseProcess
from pathlib import Path

from core.store.database import ROOT

__all__ = ["PRELOADED_STORE", "start_process"]

PRELOADED_STORE = "PRELOADED_STORE"  # environment variable: the store whose first computations the fork server makes


def start_process(port: int, log: Path, environment: dict[str, str], preloaded_store: Path) -> BaseProcess:
    """A server on ``port`` that runs until it is terminated; what it prints goes to ``log``.

    ``environment`` is added to that of this process; its DATABASE_URL names a copy of ``preloaded_store``, which is
    the same for all calls of a session.
    """
    os.environ[PRELOADED_STORE] = str(preloaded_store)  # read by the fork server when the first process starts
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.browser.app_preload"])
    process = context.Process(target=_run, args=(port, log, environment), daemon=True)
    process.start()
    return process


def _run(port: int, log: Path, environment: dict[str, str]) -> None:
    import streamlit.web.cli

    with log.open("w") as out:
        os.dup2(out.fileno(), 1)
        os.dup2(out.fileno(), 2)
    os.environ.update(environment)
    os.chdir(ROOT)
    streamlit.web.cli.main(["run", "app.py", "--server.port", str(port)])
