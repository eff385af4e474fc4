"""QR codes: the square has the size that was asked for and holds the number that was given."""

import re

import segno

from core.qr import qr_png, qr_svg


def test_square_is_as_large_as_asked_for() -> None:
    svg = qr_svg("7H2K-93QX", side_mm=22)
    width, height = re.findall(r'(?:width|height)="([\d.]+)mm"', svg)[:2]
    assert abs(float(width) - 22) < 0.01
    assert width == height


def test_square_draws_the_modules_of_the_number() -> None:
    def modules(svg: str) -> str:
        return re.findall(r' d="([^"]+)"', svg)[-1]

    assert modules(qr_svg("A1", side_mm=20)) == modules(segno.make("A1", error="m", micro=False).svg_inline())
    assert modules(qr_svg("A1", side_mm=20)) != modules(qr_svg("A2", side_mm=20))


def test_picture_is_a_png() -> None:
    assert qr_png("7H2K-93QX").startswith(b"\x89PNG")
