"""The sign-in sheet of a recruitment event on A4: the event with a QR code that holds its number, and lines to sign on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.locale import Translator
from core.paper import A4, clean, document
from core.qr import qr_svg

__all__ = ["LINES", "SignInHead", "event_number", "sign_in_sheet"]

LINES = 22  # on a page
QR_MM = 24.0
CSS = """
.head { display: flex; justify-content: space-between; gap: 6mm }
.head p { margin: 1mm 0; font-size: 10.5pt }
.code { text-align: center; font: 700 10pt ui-monospace, Consolas, monospace }
.code svg { display: block; margin: 0 auto }
table { border-collapse: collapse; width: 100%; margin-top: 2mm; table-layout: fixed; font-size: 9.5pt }
th { text-align: left; padding: 1mm 1.5mm; border: 1px solid #888; background: #eee; font-size: 9pt }
td { height: 9.4mm; border: 1px solid #888; padding: 0 1.5mm }
.n { width: 9mm } .phone { width: 32mm } .yes { width: 18mm; text-align: center }
"""


@dataclass(frozen=True)
class SignInHead:
    """What stands above the lines; ``about``: theme, scene, place and host, joined."""

    number: int
    name: str
    held_on: date
    about: str
    district: str
    is_demo: bool


def event_number(number: int) -> str:
    """The number of an event as the code holds it: 'E000012'."""
    return f"E{number:06d}"


def sign_in_sheet(head: SignInHead, tr: Translator, *, pages: int, export_number: str) -> bytes:
    """``pages`` sheets of ``LINES`` lines, numbered through; nobody's name is on them before they are signed."""
    demo = f'<span class="demo">{clean(tr("Demonstration data"))}</span>' if head.is_demo else ""
    columns = (
        ("n", ""),
        ("", tr("Person")),
        ("phone", tr("Phone")),
        ("", tr("Community")),
        ("", tr("Wanted work or company")),
        ("yes", tr("May call me")),
    )
    heads = "".join(f'<th class="{kind}">{clean(name)}</th>' for kind, name in columns)
    code = event_number(head.number)
    consent = tr("Who ticks the last column agrees that the service keeps name and phone to call about work.")
    stamp = tr("{district} · export {number}", district=head.district, number=export_number)
    sections = []
    for page in range(pages):
        rows = "".join(
            f'<tr><td class="n">{page * LINES + line}</td>{"<td></td>" * 4}<td class="yes">□</td></tr>'
            for line in range(1, LINES + 1)
        )
        sections.append(
            f'<section><div class="head"><div><h1>{clean(head.name)}</h1>'
            f"<p>{clean(tr.day(head.held_on))} · {clean(head.about)}</p>{demo}</div>"
            f'<div class="code">{qr_svg(code, side_mm=QR_MM)}{code}</div></div>'
            f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
            f"<footer><p>{clean(consent)}</p><p>{clean(stamp)} · {page + 1} / {pages}</p></footer></section>"
        )
    return document(tr("Sign-in sheet"), A4 + CSS, "\n".join(sections), tr.lang)
