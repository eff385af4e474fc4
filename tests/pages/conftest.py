"""Pages as a person gets them: through the shell, against an empty store or the sample district."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.watcher.util import calc_hash

from core.policy import Access
from core.store.database import ROOT, Database
from pages import cache, startup
from pages.common import signed_in
from tests.accesses import administrator, dispatcher
from tests.stores import copy_of, meeting_store

Open = Callable[..., AppTest]
Opener = Callable[..., Open]


@pytest.fixture(scope="session", autouse=True)
def installed_components() -> Iterator[None]:
    """Every AppTest looks through all installed packages for components, longer than most pages run: here once a session."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def ends_of_runs() -> Iterator[None]:
    """An AppTest asks a thousand times a second whether its run has ended, and slows it down so: here it waits for the end."""
    ask = local_script_runner.require_widgets_deltas

    def wait(runner: local_script_runner.LocalScriptRunner, timeout: float) -> None:
        runner._script_thread.join(timeout)
        if runner._script_thread.is_alive():
            ask(runner, 0)  # which stops the run and raises

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(local_script_runner, "require_widgets_deltas", wait)
        yield


@pytest.fixture(scope="session")
def sample_file() -> Path:
    """The sample district with frozen weeks in a SQLite file."""
    return meeting_store()


@pytest.fixture(scope="session")
def sample_db(sample_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The sample district with frozen weeks, for tests that only read."""
    store = copy_of(sample_file, tmp_path_factory.mktemp("pages"))
    yield store
    store.dispose()


@pytest.fixture
def opener(monkeypatch: pytest.MonkeyPatch) -> Opener:
    """``opener(db)(page, lang=…, who=…, **query)`` runs a page of a store, as who works with it unless ``who`` is named.

    The first page checks the store as the app does at its start, unless ``opener(db, start)`` names a start that did.
    What the pages compute from a store is kept until a test opens another one, so the tests that only read the sample
    district compute it once.
    """
    monkeypatch.setenv("SAMPLE", "0")

    def for_store(db: Database, start: startup.State | None = None) -> Open:
        monkeypatch.setenv("DATABASE_URL", db.url.render_as_string(hide_password=False))
        if (opened := cache.store.city()).url != db.url:
            opened.dispose()
            cache.store.forget()
        monkeypatch.setattr(startup, "STATE", start or startup.State())

        def open_page(page: str = "overview", *, lang: str = "zh", who: Access | None = None, **query: str) -> AppTest:
            someone = who or (
                administrator("许小满") if page in ("data", "audit", "accounts") else dispatcher("许小满")
            )
            monkeypatch.setattr(signed_in, "access", lambda: someone)
            at = AppTest.from_file(str(Path(ROOT) / "pages" / "shell.py"), default_timeout=60)
            at.query_params.update({"lang": lang, **query})
            at._page_hash = calc_hash("" if page == "overview" else page)
            return at.run()

        return open_page

    return for_store


@pytest.fixture(scope="session")
def sample_start() -> startup.State:
    """The start of the app on the sample district, once for all tests that only read it."""
    return startup.State()


@pytest.fixture
def sample(opener: Opener, sample_db: Database, sample_start: startup.State) -> Open:
    """Open a page of the sample district (read only)."""
    return opener(sample_db, sample_start)


@pytest.fixture
def empty(opener: Opener, db: Database) -> Open:
    """Open a page of an empty store."""
    return opener(db)


@pytest.fixture
def writable(opener: Opener, sample_copy: Database) -> Open:
    """Open a page of a copy of the sample district."""
    return opener(sample_copy)
