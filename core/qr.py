"""QR codes for printed sheets. A code holds a number that means nothing outside this store, never a fact about a person."""

from __future__ import annotations

from io import BytesIO

import segno

__all__ = ["qr_png", "qr_svg"]


def qr_svg(number: str, *, side_mm: float) -> str:
    """``number`` as an inline SVG square with sides of ``side_mm`` millimetres, its quiet zone of four modules included.

    Error correction M: a fold or a coffee stain over 15% of the square does not stop a phone from reading it.
    """
    code = segno.make(number, error="m", micro=False)
    modules = code.symbol_size(scale=1)[0]
    return str(
        code.svg_inline(scale=side_mm / modules, unit="mm", light="#fff", omitsize=False, svgclass=None, lineclass=None)
    )


def qr_png(number: str, *, pixels_a_module: int = 8) -> bytes:
    """``number`` as a PNG image for a document that takes no SVG."""
    file = BytesIO()
    segno.make(number, error="m", micro=False).save(file, kind="png", scale=pixels_a_module)
    return file.getvalue()
