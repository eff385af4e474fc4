"""Openings as a board for the square: A3 landscape, six a page, read from two metres, a QR code with the number of each.

make_board(postings, stamp, tr)      # bytes; a browser prints them or saves them as PDF

Every word that a passer-by needs is set in 24 points or more: 8 mm high, 1/250 of the distance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.dispatch.exports import style
from core.jobs.openings.posting import Posting
from core.locale import N_, Translator
from core.palette import FONT
from core.paper import clean, document
from core.qr import qr_svg
from core.terms import PayKind

__all__ = ["A_PAGE", "BoardStamp", "make_board", "pay_text"]

A_PAGE = 6
QR_MM = 38.0
LONG_TITLE = 10  # characters that fit into a line of 40 points
A_MONTH = {
    True: N_("{low}–{high} yuan a month"),
    False: N_("{low} yuan a month"),
}
RATES = {PayKind.HOUR: N_("{rate} yuan an hour"), PayKind.PIECE: N_("{rate} yuan a piece")}
CSS = f"""
@page {{ size: A3 landscape; margin: 10mm }}
* {{ box-sizing: border-box }}
body {{ margin: 0; font-family: {FONT}; color: {style.INK[False]}; background: #fff; -webkit-print-color-adjust: exact;
  print-color-adjust: exact }}
section {{ width: 400mm; height: 276mm; margin: 0 auto; display: flex; flex-direction: column; break-after: page;
  overflow: hidden }}
section:last-of-type {{ break-after: auto }}
header {{ display: flex; justify-content: space-between; align-items: baseline; height: 24mm; font-size: 24pt }}
header > * {{ white-space: nowrap }}
h1 {{ font-size: 48pt; line-height: 1.2; margin: 0 }}
.demo {{ border: 0.6mm solid {style.INK[False]}; padding: 0 3mm; font-weight: 700 }}
ul {{ flex: 1; display: grid; grid-template-columns: 1fr 1fr; grid-template-rows: repeat(3, 1fr); gap: 5mm; margin: 0;
  padding: 0; list-style: none; min-height: 0 }}
li {{ display: flex; gap: 5mm; border: 0.6mm solid {style.INK[False]}; border-radius: 3mm; padding: 3mm 4mm 3mm 6mm;
  overflow: hidden; min-width: 0 }}
.words {{ flex: 1; min-width: 0; display: flex; flex-direction: column; justify-content: space-between }}
h2, p {{ margin: 0; line-height: 1.25; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical;
  -webkit-line-clamp: 1; overflow-wrap: anywhere }}
h2 {{ font-size: 40pt }}
h2.long {{ font-size: 28pt; line-height: 1.1; -webkit-line-clamp: 2 }}
.pay {{ font-size: 32pt; font-weight: 700 }}
.line {{ font-size: 24pt }}
.terms {{ font-size: 24pt; -webkit-line-clamp: 2 }}
.code {{ flex: none; width: {QR_MM}mm; text-align: center; display: flex; flex-direction: column; justify-content: center }}
.code svg {{ display: block }}
.code b {{ font-size: 24pt; white-space: nowrap; letter-spacing: -0.02em }}
footer {{ display: flex; justify-content: space-between; font-size: 14pt; color: {style.FADED[False]}; height: 9mm;
  align-items: end }}
@media screen {{ section {{ margin: 8mm auto; border-bottom: 1px solid {style.GRID[False]} }} }}
"""


@dataclass(frozen=True)
class BoardStamp:
    """Whose board it is, of which day; ``export_number`` is the one in the register."""

    district: str
    office: str
    as_of: date
    export_number: str
    is_demo: bool


def make_board(postings: Sequence[Posting], stamp: BoardStamp, tr: Translator) -> bytes:
    """One UTF-8 file with inline style and codes, without scripts; the bytes depend on the arguments alone."""
    title = tr("Work near home")
    pages = [postings[start : start + A_PAGE] for start in range(0, len(postings), A_PAGE)]
    body = "\n".join(_page(page, stamp, tr, number, len(pages)) for number, page in enumerate(pages, 1))
    return document(title, CSS, body, tr.lang)


def pay_text(posting: Posting, tr: Translator) -> str:
    """The pay as a passer-by reads it; by agreement where nothing is stated."""
    low = posting.pay_min if posting.pay_min is not None else posting.pay_max
    high = posting.pay_max if posting.pay_max is not None else posting.pay_min
    if low is not None and high is not None:
        return tr(A_MONTH[low != high], low=tr.number(low), high=tr.number(high))
    if posting.rate is not None and posting.pay_kind in RATES:
        return tr(
            RATES[posting.pay_kind], rate=tr.number(posting.rate, 0 if posting.rate == round(posting.rate) else 1)
        )
    return tr("Pay by agreement")


def _page(postings: Sequence[Posting], stamp: BoardStamp, tr: Translator, page: int, pages: int) -> str:
    demo = f'<span class="demo">{clean(tr("Demonstration data"))}</span>' if stamp.is_demo else ""
    ask = clean(tr("Ask at the service window, with the number"))
    cards = "".join(_card(posting, tr) for posting in postings)
    line = clean(f"{stamp.district} · {stamp.office} · {tr.day(stamp.as_of)} · {stamp.export_number}")
    return (
        f'<section aria-labelledby="title-{page}"><header><h1 id="title-{page}">{clean(tr("Work near home"))}</h1>{demo}'
        f"<span>{ask}</span></header><ul>{cards}</ul>"
        f"<footer><span>{line}</span><span>{page} / {pages}</span></footer></section>"
    )


def _card(posting: Posting, tr: Translator) -> str:
    where = " · ".join(filter(None, (tr.name(posting.community or ""), tr.name(posting.employer))))
    hours = ""
    if posting.weekly_hours is not None:
        hours = tr("{n} hours a week", n=tr.number(posting.weekly_hours))
    how = [
        tr.plural("{n} seat free", "{n} seats free", posting.free),
        tr.term(posting.form) if posting.form is not None else "",
        tr.term(posting.shift) if posting.shift is not None else "",
        hours,
    ]
    return (
        f'<li><div class="words"><h2{" class=long" if len(posting.title) > LONG_TITLE else ""}>{clean(posting.title)}</h2><p class="pay">{clean(pay_text(posting, tr))}</p>'
        f'<p class="line">{clean(where)}</p><p class="terms">{clean(" · ".join(filter(None, how)))}</p></div>'
        f'<div class="code">{qr_svg(posting.number, side_mm=QR_MM)}<b>{clean(posting.number)}</b></div></li>'
    )
