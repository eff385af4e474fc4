"""A visiting round on one sheet of A4: households in walking order, boxes to tick, and a QR code with the number of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from core.locale import Translator
from core.paper import A4, clean, document
from core.people.visit_numbers import shown
from core.qr import qr_svg
from core.terms import RevealPurpose, VisitMode, VisitResult

__all__ = ["PaperStop", "RoundHead", "round_sheet"]

QR_MM = 16.0
CSS = """
.head { display: flex; justify-content: space-between; align-items: flex-start }
.about { font-size: 10pt; margin: 1mm 0 2mm }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
td { border-top: 1px solid #888; height: 20mm; padding: .6mm 1.5mm; vertical-align: middle; font-size: 9.5pt;
  line-height: 1.35; overflow: hidden }
tr:last-child td { border-bottom: 1px solid #888 }
td > div { max-height: 18.8mm; overflow: hidden }
.n { width: 12mm; font-variant-numeric: tabular-nums }
.n strong { font-size: 14pt; display: block; line-height: 1.1 }
.who { width: 60mm }
.who strong { font-size: 12pt }
.who small { font-size: 8.5pt; color: #444 }
.boxes { font-size: 9pt }
.boxes span { white-space: nowrap; margin-right: 2mm }
.line { display: inline-block; border-bottom: 1px solid #888; height: 4mm; vertical-align: bottom }
.qr { width: 22mm; text-align: center }
.qr svg { display: block; margin: 0 auto }
.qr b { font: 700 8pt ui-monospace, Consolas, monospace; display: block; line-height: 1 }
"""


@dataclass(frozen=True)
class RoundHead:
    """What stands above and below the households. ``purpose``: what names are in full for; None: they are masked."""

    district: str
    community: str
    visitor: str
    walk_on: date
    begins_at: str
    start_place: str
    purpose: RevealPurpose | None
    printed_by: str
    printed_on: date
    export_number: str
    is_demo: bool


@dataclass(frozen=True)
class PaperStop:
    """A household; ``name``, ``phone`` and ``address`` as they may be read, empty where they may not or are unknown."""

    position: int
    arrives_at: str
    name: str
    phone: str
    address: str
    due: str
    number: str


def round_sheet(head: RoundHead, stops: Sequence[PaperStop], tr: Translator) -> bytes:
    """The file; one page as long as there are at most ``core.visiting.round_plan.PAGE`` households."""
    title = tr("Visiting round of {day}, {community}", day=tr.day(head.walk_on), community=head.community)
    demo = f'<span class="demo">{clean(tr("Demonstration data"))}</span>' if head.is_demo else ""
    about = tr(
        "Visitor: {name} · begins {time} at {place} · {n} households in walking order",
        name=head.visitor,
        time=head.begins_at,
        place=head.start_place,
        n=len(stops),
    )
    sight = (
        tr("Names are masked.")
        if head.purpose is None
        else tr("In full, {purpose}. Shred after entry.", purpose=tr.term(head.purpose))
    )
    stamp = tr(
        "{district} · printed by {name} on {day} · export {number}",
        district=head.district,
        name=head.printed_by,
        day=tr.day(head.printed_on),
        number=head.export_number,
    )
    how = tr("Enter it by the number of each household: on the page of due work, or in the round's own sheet.")
    body = (
        f'<section><div class="head"><h1>{clean(title)}</h1>{demo}</div><p class="about">{clean(about)}</p>'
        f"<table>{''.join(_row(stop, tr) for stop in stops)}</table>"
        f"<footer><p>{clean(how)} {clean(sight)}</p><p>{clean(stamp)}</p></footer></section>"
    )
    return document(title, A4 + CSS, body, tr.lang)


def _row(stop: PaperStop, tr: Translator) -> str:
    lines = [f"<strong>{clean(stop.name)}</strong> {clean(stop.phone)}", clean(stop.address)]
    who = "<br>".join(line for line in lines if line)
    return (
        f'<tr><td class="n"><strong>{stop.position}</strong>{clean(stop.arrives_at)}</td>'
        f'<td class="who"><div>{who}<br><small>{clean(stop.due)}</small></div></td>'
        f'<td class="boxes"><div>{_boxes([tr.term(mode) for mode in VisitMode])}<br>'
        f"{_boxes([tr.term(result) for result in VisitResult])}<br>"
        f"{clean(tr('Next'))} {_line(26)} {clean(tr('Needs'))} {_line(38)}</div></td>"
        f'<td class="qr">{qr_svg(shown(stop.number), side_mm=QR_MM)}<b>{clean(shown(stop.number))}</b></td></tr>'
    )


def _boxes(labels: Sequence[str]) -> str:
    return "".join(f"<span>□ {clean(label)}</span>" for label in labels)


def _line(millimetres: int) -> str:
    return f'<span class="line" style="width:{millimetres}mm"></span>'
