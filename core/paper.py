"""Documents for paper: one self-contained HTML file that a browser prints, without scripts and without anything loaded.

document("Visiting round", A4 + "table { width: 100% }", "<section>…</section>", tr.lang)      # bytes
"""

from __future__ import annotations

import re
from html import escape

from core.palette import FONT

__all__ = ["A4", "clean", "document"]

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML cannot hold them
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
LANG = {"zh_CN": "zh-CN", "en": "en"}
A4 = f"""
@page {{ size: A4 portrait; margin: 10mm }}
* {{ box-sizing: border-box }}
body {{ margin: 0; font-family: {FONT}; color: #111; background: #fff; -webkit-print-color-adjust: exact;
  print-color-adjust: exact }}
section {{ width: 190mm; height: 276mm; margin: 0 auto; display: flex; flex-direction: column; break-after: page;
  overflow: hidden }}
section:last-of-type {{ break-after: auto }}
h1 {{ font-size: 16pt; line-height: 1.25; margin: 0 }}
.demo {{ border: 1px solid #444; padding: 0 2mm; font-size: 9pt; font-weight: 700; white-space: nowrap }}
footer {{ font-size: 8pt; color: #444; margin-top: auto }}
footer p {{ margin: 0 }}
@media screen {{ section {{ margin: 8mm auto; border-bottom: 1px solid #ccc }} }}
"""


def clean(text: str) -> str:
    """``text`` as HTML or XML content or attribute."""
    return escape(CONTROL.sub("", text), quote=True)


def document(title: str, style: str, body: str, lang: str) -> bytes:
    """The file: ``body`` holds a ``<section>`` a page; ``title`` is plain text, ``lang`` that of a Translator."""
    return (
        f'<!DOCTYPE html>\n<html lang="{LANG[lang]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{clean(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n{body}\n</main>\n"
        f"</body>\n</html>\n"
    ).encode()
