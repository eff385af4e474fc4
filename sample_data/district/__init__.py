"""The invented district, one module for each part of its life; ``generate.py`` writes it out.

Reviews of enterprises are scored by the app itself, so its packages are importable from here.
"""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))
