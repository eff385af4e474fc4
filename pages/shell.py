"""The Streamlit script behind every address. It is here, not in app.py: Streamlit would serve a ``pages/`` folder
beside its main script without the frame until the first visitor has come."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = str(Path(__file__).resolve().parents[1])
if ROOT not in sys.path:  # the script's own folder is on the path, the project's is not
    sys.path.insert(0, ROOT)

from pages import frame  # noqa: E402

frame.main()
