"""Text and fonts of a slide deck: python-pptx sets the font of Latin letters only, Chinese needs one of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Pt

from core.dispatch.exports.style import DOCUMENT_FONT, INK

__all__ = ["SLACK", "Box", "Run", "add_text", "paint", "rgb", "set_fonts", "set_theme_fonts", "write"]

SLACK = 1.1  # room for fonts that replace the document font where it is missing
RUN_PROPERTIES = ("a:rPr", "a:defRPr", "a:endParaRPr")
SCRIPTS = ("a:latin", "a:ea", "a:cs")
ALIGN = {"left": PP_ALIGN.LEFT, "centre": PP_ALIGN.CENTER, "right": PP_ALIGN.RIGHT}
ANCHOR = {"top": MSO_ANCHOR.TOP, "middle": MSO_ANCHOR.MIDDLE, "bottom": MSO_ANCHOR.BOTTOM}


@dataclass(frozen=True)
class Box:
    """A part of the slide in points from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def emu(self) -> tuple[int, int, int, int]:
        return Pt(self.left), Pt(self.top), Pt(self.width), Pt(self.height)


@dataclass(frozen=True)
class Run:
    """A piece of text in one size (points) and colour ('#RRGGBB')."""

    text: str
    size: float
    colour: str = INK[False]
    is_bold: bool = False


def add_text(
    shapes: Any, box: Box, paragraphs: Sequence[Sequence[Run]], *, align: str = "left", anchor: str = "top"
) -> Any:
    """A text box; returns its shape."""
    shape = shapes.add_textbox(*box.emu)
    write(shape.text_frame, paragraphs, align=align, anchor=anchor)
    return shape


def write(frame: Any, paragraphs: Sequence[Sequence[Run]], *, align: str = "left", anchor: str = "top") -> None:
    """Put ``paragraphs`` into an empty text frame without margins."""
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.vertical_anchor = ANCHOR[anchor]
    for nth, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if nth == 0 else frame.add_paragraph()
        paragraph.alignment = ALIGN[align]
        paragraph.line_spacing = 1.0
        for piece in runs:
            run = paragraph.add_run()
            run.text = piece.text
            run.font.size, run.font.bold = Pt(piece.size), piece.is_bold
            run.font.color.rgb = rgb(piece.colour)


def paint(shape: Any, fill: str, outline: str = "", width: float = 1.0) -> None:
    """Plain ``fill``, an ``outline`` if one is given, and nothing of the theme: no shadow, no effects."""
    own_style = shape._element.find(qn("p:style"))
    if own_style is not None:
        shape._element.remove(own_style)
    shape.fill.solid()
    shape.fill.fore_color.rgb = rgb(fill)
    if outline:
        shape.line.color.rgb, shape.line.width = rgb(outline), Pt(width)
    else:
        shape.line.fill.background()


def rgb(colour: str) -> RGBColor:
    """'#RRGGBB' as python-pptx wants it."""
    return RGBColor.from_string(colour.lstrip("#"))


def set_fonts(root: Any, lang: str) -> None:
    """Give every run and default in ``root`` (a slide, notes or chart element) the font for all scripts, and ``lang``."""
    for run in root.iter(qn("a:r")):
        if run.find(qn("a:rPr")) is None:
            run.insert(0, etree.SubElement(run, qn("a:rPr")))
    for tag in RUN_PROPERTIES:
        for properties in root.iter(qn(tag)):
            if tag != "a:defRPr":
                properties.set("lang", lang)
            for script in SCRIPTS:
                for old in properties.findall(qn(script)):
                    properties.remove(old)
            for script in SCRIPTS:
                etree.SubElement(properties, qn(script)).set("typeface", DOCUMENT_FONT)


def set_theme_fonts(theme: Any) -> None:
    """Make the heading and body fonts of a theme part the document font in every script."""
    root = theme._element if hasattr(theme, "_element") else etree.fromstring(theme.blob)
    for group in ("a:majorFont", "a:minorFont"):
        for fonts in root.iter(qn(group)):
            for script in SCRIPTS:
                for font in fonts.findall(qn(script)):
                    font.set("typeface", DOCUMENT_FONT)
            for own in fonts.findall(qn("a:font")):
                fonts.remove(own)
    if not hasattr(theme, "_element"):
        theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
