"""What the Word documents share: page, styles, tables, native charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree
from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.chart.xlsx import CategoryWorkbookWriter
from pptx.chart.xmlwriter import ChartXmlWriter
from pptx.dml.color import RGBColor as ChartColour
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.oxml import parse_xml as parse_chart
from pptx.util import Pt as ChartPt

from core.dispatch.exports import style
from core.locale import Translator

__all__ = ["LANG", "Cell", "add_chart", "add_table", "rgb", "set_page", "set_styles"]

LANG = {"zh_CN": "zh-CN", "en": "en-US"}
FONT_ATTRIBUTES = ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs")
THEME_ATTRIBUTES = ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme")
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
CHART_NS = "http://schemas.openxmlformats.org/drawingml/2006/chart"


@dataclass(frozen=True)
class Cell:
    """A cell of a table; one that is not written keeps its empty paragraph as it is."""

    text: str
    fill: str = ""
    ink: str = ""
    is_bold: bool = False
    is_written: bool = True


def set_page(document: Any, header: str, *, is_landscape: bool) -> None:
    """A4; ``header`` on every page, page numbers in the footer."""
    section = document.sections[0]
    if is_landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
    width, height = (29.7, 21.0) if is_landscape else (21.0, 29.7)
    section.page_width, section.page_height = Cm(width), Cm(height)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin, section.bottom_margin = Cm(2.2), Cm(1.8)
    section.header.paragraphs[0].text = header
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(footer, "PAGE")
    footer.add_run(" / ")
    _field(footer, "NUMPAGES")


def _field(paragraph: Any, instruction: str) -> None:
    """A field that Word computes, such as the number of the page."""
    for kind, text in (("begin", ""), ("", instruction), ("separate", ""), ("text", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "text":
            run.text = text
            continue
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def set_styles(document: Any, tr: Translator) -> None:
    """The document font for every script in the defaults and all styles; sizes and inks of what is used here."""
    for fonts in document.styles.element.iter(qn("w:rFonts")):
        _set_fonts(fonts)
    for properties in document.styles.element.iter(qn("w:lang")):
        properties.set(qn("w:val"), LANG[tr.lang])
        properties.set(qn("w:eastAsia"), "zh-CN")
    for name, size, before in (
        ("Normal", 11, 0),
        ("Title", 20, 0),
        ("Heading 1", 14, 14),
        ("Heading 2", 12, 10),
        ("List Bullet", 11, 0),
        ("Header", 9, 0),
        ("Footer", 9, 0),
    ):
        entry = document.styles[name]
        entry.font.size = Pt(size)
        _set_fonts(entry.element.get_or_add_rPr().get_or_add_rFonts())
        entry.paragraph_format.space_before, entry.paragraph_format.space_after = Pt(before), Pt(4)
        if name.startswith(("Title", "Heading")):
            entry.font.color.rgb, entry.font.bold = rgb(style.INK[False]), True
        if name in ("Header", "Footer"):
            entry.font.color.rgb = rgb(style.FADED[False])


def _set_fonts(fonts: Any) -> None:
    for attribute in THEME_ATTRIBUTES:
        fonts.attrib.pop(qn(attribute), None)
    for attribute in FONT_ATTRIBUTES:
        fonts.set(qn(attribute), style.DOCUMENT_FONT)


def add_table(document: Any, heads: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float]) -> None:
    """A table with borders, its head repeated on every page; ``widths`` in centimetres."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for cell, text in zip(table.rows[0].cells, heads, strict=True):
        _write(cell, Cell(text, fill=style.SHADE[False], is_bold=True))
    repeated = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(repeated)
    for row in rows:
        for cell, content in zip(table.add_row().cells, row, strict=True):
            if content.is_written:
                _write(cell, content)
    for table_row in table.rows:
        whole = OxmlElement("w:cantSplit")
        table_row._tr.get_or_add_trPr().append(whole)
        for cell, width in zip(table_row.cells, widths, strict=True):
            cell.width = Cm(width)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _write(cell: Any, content: Cell) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(2)
    run = paragraph.add_run(content.text)
    run.font.size, run.font.bold = Pt(10), content.is_bold
    if content.ink:
        run.font.color.rgb = rgb(content.ink)
    if content.fill:
        shade = OxmlElement("w:shd")
        shade.set(qn("w:val"), "clear")
        shade.set(qn("w:color"), "auto")
        shade.set(qn("w:fill"), content.fill.lstrip("#"))
        cell._tc.get_or_add_tcPr().append(shade)


def add_chart(
    document: Any,
    kind: XL_CHART_TYPE,
    categories: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    colours: Sequence[str],
    *,
    alt: str,
    height: float = 7.0,
    limits: tuple[float, float] | None = None,
) -> None:
    """A native chart that Word edits, with its own workbook: 16 centimetres wide, ``height`` high, the values between
    ``limits``. The XML is that of the slide deck's charts.
    """
    data = CategoryChartData(number_format="0.0")
    data.categories = list(categories)
    for name, values in series.items():
        data.add_series(name, list(values))
    space = parse_chart(ChartXmlWriter(kind, data).xml.encode())
    _style(Chart(space, None), colours, limits, has_legend=len(series) > 1)
    package, number = (
        document.part.package,
        1 + sum(r.reltype == RELATIONSHIP_TYPE.CHART for r in document.part.rels.values()),
    )
    workbook = Part(
        PackURI(f"/word/embeddings/Workbook{number}.xlsx"),
        CONTENT_TYPE.SML_SHEET,
        CategoryWorkbookWriter(data).xlsx_blob,
        package,
    )
    chart = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, b"", package)
    external = etree.SubElement(space, f"{{{CHART_NS}}}externalData")
    external.set(qn("r:id"), chart.relate_to(workbook, RELATIONSHIP_TYPE.PACKAGE))
    etree.SubElement(external, f"{{{CHART_NS}}}autoUpdate").set("val", "0")
    chart._blob = etree.tostring(space, xml_declaration=True, encoding="UTF-8", standalone=True)
    relation = document.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    inline = parse_xml(
        f'<wp:inline {nsdecls("wp", "a", "r")} distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{Cm(16)}" cy="{Cm(height)}"/><wp:docPr id="{100 + number}" name="chart{number}"/>'
        "<wp:cNvGraphicFramePr/>"
        f'<a:graphic><a:graphicData uri="{CHART_NS}"><c:chart xmlns:c="{CHART_NS}" r:id="{relation}"/>'
        "</a:graphicData></a:graphic></wp:inline>"
    )
    inline.find(qn("wp:docPr")).set("descr", alt)
    drawing = OxmlElement("w:drawing")
    drawing.append(inline)
    document.add_paragraph().add_run()._r.append(drawing)


def _style(chart: Any, colours: Sequence[str], limits: tuple[float, float] | None, *, has_legend: bool) -> None:
    """Colours of the series, the document's font, a legend where there are several."""
    chart.font.size, chart.font.name = ChartPt(10), style.DOCUMENT_FONT
    chart.has_title = False
    chart.has_legend = has_legend
    if has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    axis = chart.value_axis
    axis.major_gridlines.format.line.color.rgb = ChartColour.from_string(style.GRID[False].lstrip("#"))
    if limits is not None:
        axis.minimum_scale, axis.maximum_scale = limits
    for series, colour in zip(chart.plots[0].series, colours, strict=False):
        shade = ChartColour.from_string(colour.lstrip("#"))
        if hasattr(series, "smooth"):
            series.smooth = False
            series.format.line.color.rgb = shade
        else:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = shade


def rgb(colour: str) -> RGBColor:
    """'#RRGGBB' as Word has it."""
    return RGBColor.from_string(colour.lstrip("#"))
