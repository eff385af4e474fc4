"""The parts of the documents that are made from the code: the picture of the architecture and the glossary.

python -m tests.documents        # write them; tests/test_contributing.py fails while they are stale
"""

from __future__ import annotations

import csv
import tomllib
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
PICTURE = ROOT / "sample_data" / "pictures" / "architecture.svg"
GLOSSARY = ROOT / "core" / "locale" / "glossary.csv"
README = ROOT / "README.md"
READ_BEGIN, READ_END = "<!-- what is read: made by `python -m tests.documents` -->\n", "<!-- end of what is read -->\n"
BEGIN, END = "<!-- glossary: made by `python -m tests.documents` -->\n", "<!-- end of the glossary -->\n"

WIDTH, MARGIN, GAP, BOX, TITLE = 500, 16, 6, 26, 30  # of a panel, in pixels
PER_LINE = 4  # boxes


@dataclass(frozen=True)
class Panel:
    """One contract on layers: its sentence, and the modules of each layer, top first."""

    title: str
    layers: tuple[tuple[str, ...], ...]

    @property
    def height(self) -> int:
        return TITLE + sum(_layer_height(layer) for layer in self.layers) + MARGIN


def panels() -> list[Panel]:
    """Every contract on layers of pyproject.toml."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    return [
        Panel(contract["name"], tuple(tuple(layer.split(" | ")) for layer in contract["layers"]))
        for contract in contracts
        if contract["type"] == "layers"
    ]


def picture() -> str:
    """The panels in two columns as SVG: a module may import from the lines below its own, never from above."""
    tops, parts = [MARGIN, MARGIN], []
    for panel in panels():
        column = tops.index(min(tops))
        parts.append(_draw(panel, left=MARGIN + column * (WIDTH + MARGIN), top=tops[column]))
        tops[column] += panel.height
    width, height = 2 * WIDTH + 3 * MARGIN, max(tops) + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        ' font-family="sans-serif" font-size="11">\n'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>\n' + "".join(parts) + "</svg>\n"
    )


def _layer_height(layer: tuple[str, ...]) -> int:
    return -(-len(layer) // PER_LINE) * (BOX + GAP) + GAP


def _draw(panel: Panel, left: int, top: int) -> str:
    parts = [f'<text x="{left}" y="{top + 18}" font-weight="bold">{escape(panel.title)}</text>\n']
    y = top + TITLE
    for layer in panel.layers:
        height = _layer_height(layer)
        parts.append(f'<rect x="{left}" y="{y}" width="{WIDTH}" height="{height - 2}" fill="#eef2f3"/>\n')
        for start in range(0, len(layer), PER_LINE):
            line = layer[start : start + PER_LINE]
            width = (WIDTH - GAP * (len(line) + 1)) / len(line)
            for place, module in enumerate(line):
                x, box_top = left + GAP + place * (width + GAP), y + GAP - 1 + start // PER_LINE * (BOX + GAP)
                parts.append(
                    f'<rect x="{x:.1f}" y="{box_top}" width="{width:.1f}" height="{BOX}" rx="3" fill="#ffffff"'
                    f' stroke="#1b7f8c"/><text x="{x + width / 2:.1f}" y="{box_top + 17}" text-anchor="middle">'
                    f"{escape(_short(module))}</text>\n"
                )
        y += height
    return "".join(parts)


def _short(module: str) -> str:
    """The last two parts of a dotted name at most."""
    return ".".join(module.split(".")[-2:]) if module.count(".") == 1 else module.rsplit(".", 1)[-1]


def glossary() -> list[dict[str, str]]:
    """Every term: term, zh, meaning, code."""
    with GLOSSARY.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def glossary_table() -> str:
    """The glossary as a Markdown table, by term."""
    rows = [f"| {r['term']} | {r['zh']} | {r['meaning']} | `{r['code']}` |" for r in sorted(glossary(), key=_by_term)]
    return "\n".join(["| term | 中文 | meaning | in the code |", "|---|---|---|---|", *rows]) + "\n"


def _by_term(row: dict[str, str]) -> str:
    return row["term"].lower()


def readme() -> str:
    """README.md with its tables of what an import reads as the declarations have them."""
    from core.intake.cell_rules import CELL_RULES
    from core.intake.sheets import SHEETS
    from core.locale import translator

    english, chinese = translator("en"), translator("zh_CN")
    lines = ["| Sheet | 表 | Columns | Required |", "|---|---|---|---|"]
    for sheet in SHEETS.values():
        stored = [column for column in sheet.columns if column.is_stored]
        required = "、".join(column.header for column in stored if column.required)
        lines.append(f"| {english(sheet.title)} | {chinese(sheet.title)} | {len(stored)} | {required} |")
    lines += ["", "| In a cell or row | How it is read |", "|---|---|"]
    lines += [f"| {english(written)} | {english(meaning)} |" for written, meaning in CELL_RULES]
    text = README.read_text(encoding="utf-8")
    before, _, rest = text.partition(READ_BEGIN)
    return before + READ_BEGIN + "\n" + "\n".join(lines) + "\n\n" + READ_END + rest.partition(READ_END)[2]


def contributing() -> str:
    """CONTRIBUTING.md with the glossary of today."""
    before, _, rest = CONTRIBUTING.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + glossary_table() + END + after


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    CONTRIBUTING.write_text(contributing(), encoding="utf-8")
    README.write_text(readme(), encoding="utf-8")
