"""Imported by the fork server alone: the libraries and pages of the app, and the first computations on a store.

Results are cached by the revision of the store, so they serve every untouched copy of it.
"""

from __future__ import annotations

import os

import streamlit.web.cli
import streamlit.web.server.starlette  # noqa: F401  (imported before the fork)
import uvicorn  # noqa: F401

from pages import cache, frame, startup  # noqa: F401
from tests.browser.app_process import PRELOADED_STORE

os.environ["DATABASE_URL"] = f"sqlite:///{os.environ[PRELOADED_STORE]}"
startup.warm()
cache.store.database().dispose()
cache.store.city.cache_clear()  # a forked server opens its own store
