"""The slides of a frozen week as one HTML file for paper: A4 landscape, a slide a page, nothing loaded from outside.

make_print_html(slides, stamp, tr)      # bytes; a browser prints them or saves them as PDF
"""

from __future__ import annotations

from collections.abc import Sequence

from core.dispatch.exports import style
from core.dispatch.exports.figures_svg import figure_svg
from core.dispatch.slide_model import Figure, Number, Slide, Stamp, TableFigure
from core.locale import Translator
from core.palette import FONT
from core.paper import clean, document
from core.terms import Light

__all__ = ["make_print_html"]

WIDTH, BESIDE = 1400.0, 1080.0  # of a figure alone, and beside numbers; 1400 units are as wide as the page
HEIGHT = 700.0
CSS = f"""
@page {{ size: A4 landscape; margin: 10mm }}
* {{ box-sizing: border-box }}
body {{ margin: 0; font-family: {FONT}; color: {style.INK[False]}; background: #fff; -webkit-print-color-adjust: exact;
  print-color-adjust: exact }}
section {{ width: 277mm; height: 189mm; margin: 0 auto; display: flex; flex-direction: column; break-after: page;
  overflow: hidden }}
section:last-of-type {{ break-after: auto }}
.head {{ display: flex; justify-content: space-between; font-size: 10pt; color: {style.FADED[False]}; height: 7mm }}
.demo {{ border: 1px solid {style.FADED[False]}; padding: 0 2mm; font-weight: 700 }}
h2 {{ font-size: 20pt; line-height: 1.3; margin: 0 0 4mm }}
.body {{ flex: 1; display: flex; gap: 6mm; min-height: 0 }}
.numbers {{ display: flex; flex-direction: column; gap: 5mm; width: 54mm; flex: none; margin: 0; padding: 0;
  list-style: none }}
.wide {{ flex-direction: row; flex-wrap: wrap; align-content: flex-start; width: 100%; font-size: 16pt }}
.wide li {{ width: 62mm; margin-bottom: 8mm }}
.numbers li {{ border-left: 1mm solid {style.GRID[False]}; padding-left: 3mm }}
.numbers strong {{ display: block; font-size: 26pt; line-height: 1.2 }}
.numbers small {{ display: block; font-size: 9pt; color: {style.FADED[False]} }}
.figure {{ flex: 1; min-width: 0; margin: 0 }}
.figure svg {{ width: 100%; height: auto; max-height: 100%; display: block }}
table {{ border-collapse: collapse; width: 100%; font-size: 11pt }}
th {{ background: {style.SHADE[False]}; color: {style.FADED[False]}; text-align: left }}
th, td {{ padding: 1.5mm 2mm; border-bottom: 1px solid {style.GRID[False]}; vertical-align: middle }}
.number {{ text-align: right; font-variant-numeric: tabular-nums }}
.mark {{ color: #fff; font-weight: 700; white-space: nowrap }}
.question {{ background: {style.SHADE[False]}; border-left: 1.5mm solid #4A80BF; padding: 2mm 4mm; margin: 3mm 0;
  font-size: 13pt; font-weight: 700 }}
footer {{ font-size: 8.5pt; color: {style.FADED[False]} }}
footer p {{ margin: 0 }}
.stamp {{ display: flex; justify-content: space-between }}
@media screen {{ section {{ margin: 8mm auto; padding: 0; border-bottom: 1px solid {style.GRID[False]} }} }}
"""


def make_print_html(slides: Sequence[Slide], stamp: Stamp, tr: Translator) -> bytes:
    """One UTF-8 file with inline style and figures, without scripts; the bytes depend on the arguments alone."""
    title = tr("Weekly dispatch {week}", week=stamp.iso_week)
    pages = "\n".join(_page(slide, stamp, tr, page, len(slides)) for page, slide in enumerate(slides, 1))
    return document(title, CSS, pages, tr.lang)


def _page(slide: Slide, stamp: Stamp, tr: Translator, page: int, pages: int) -> str:
    demo = f'<span class="demo">{clean(tr("Demonstration data"))}</span>' if stamp.is_demo else ""
    is_wide = slide.figure is None
    numbers = "".join(_number(number, tr) for number in slide.numbers)
    if numbers:
        numbers = f'<ul class="numbers{" wide" if is_wide else ""}">{numbers}</ul>'
    figure = "" if slide.figure is None else f'<div class="figure">{_figure(slide.figure, tr, bool(numbers))}</div>'
    question = f'<p class="question">{clean(slide.question)}</p>' if slide.question else ""
    source = f"<p>{clean(slide.sources)}</p>" if slide.sources else ""
    line = clean(f"{stamp.district} · {stamp.office} · {stamp.line(tr)}")
    return (
        f'<section aria-labelledby="title-{page}"><div class="head"><span>{clean(slide.section)}</span>{demo}</div>'
        f'<h2 id="title-{page}">{clean(slide.title)}</h2><div class="body">{numbers}{figure}</div>{question}'
        f'<footer>{source}<p class="stamp"><span>{line}</span><span>{page} / {pages}</span></p></footer></section>'
    )


def _number(number: Number, tr: Translator) -> str:
    mark, edge = "", ""
    if number.light is not None:
        edge = f' style="border-color:{style.colour(style.meaning_of(number.light))}"'
        mark = f"<small>{_light(number.light, tr)}</small>"
    note = f"<small>{clean(number.note)}</small>" if number.note else ""
    return f"<li{edge}><strong>{clean(number.text)}</strong>{clean(number.label)}{note}{mark}</li>"


def _light(light: Light, tr: Translator) -> str:
    return f"{light.shape} {clean(tr.term(light))}"


def _figure(figure: Figure, tr: Translator, has_numbers: bool) -> str:
    if isinstance(figure, TableFigure):
        return _table(figure, tr)
    return figure_svg(figure, tr, BESIDE if has_numbers else WIDTH, HEIGHT)


def _table(figure: TableFigure, tr: Translator) -> str:
    """A real table; a light is a coloured cell with its shape and word."""
    has_marks = any(row.light is not None for row in figure.rows)
    heads = [f'<th scope="col">{clean(tr("Light"))}</th>'] if has_marks else []
    classes = [' class="number"' if column.is_number else "" for column in figure.columns]
    heads += [
        f'<th scope="col"{kind}>{clean(column.name)}</th>' for column, kind in zip(figure.columns, classes, strict=True)
    ]
    rows = []
    for row in figure.rows:
        mark = "<td></td>" if has_marks else ""
        if row.light is not None:
            shade = style.colour(style.meaning_of(row.light))
            mark = f'<td class="mark" style="background:{shade}">{_light(row.light, tr)}</td>'
        cells = "".join(f"<td{kind}>{clean(cell)}</td>" for cell, kind in zip(row.cells, classes, strict=True))
        rows.append(f"<tr>{mark}{cells}</tr>")
    more = f"<p>{clean(tr('and {n} more', n=tr.number(figure.omitted)))}</p>" if figure.omitted else ""
    return f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody>{''.join(rows)}</tbody></table>{more}"
