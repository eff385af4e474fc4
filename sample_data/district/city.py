"""More districts for a city, each the sample again: other chance, other names, fewer people, and work that goes better or
worse. The land is the same sketch, and the published figures hold in the first district alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from district import basis
from district.employers import ENTERPRISES, NAMED
from district.geography import LABELS
from district.people import Person
from district.slots import Spell
from district.training import Session
from district.visits import Visit

__all__ = ["FIRST", "Variant", "distinct", "rename", "thinned", "variants"]

FIRST = ("taibaihu", "太白湖新区", "Taibai Lake New District")
NAMES = (
    ("qinglan", "青岚区", "Qinglan"), ("yunting", "云汀区", "Yunting"), ("songpi", "松陂区", "Songpi"),
    ("wangchuan", "望川区", "Wangchuan"), ("luming", "鹿鸣区", "Luming"), ("yinshan", "银杉区", "Yinshan"),
    ("qishan", "栖山区", "Qishan"), ("yangui", "雁归区", "Yangui"), ("tangxi", "棠溪区", "Tangxi"),
    ("qingyu", "晴屿区", "Qingyu"), ("dizhou", "荻洲区", "Dizhou"),
)  # fmt: skip
"""Key, name and English name of districts that do not exist."""
PLACES = ("枫竹菊桂梅柏榆槐菱芦石沙泉溪岩云星月晴霜雪雁鹤鹭鱼蝉金银玉彩", "泽原坞坪湾渡桥埠滩岭谷林苑里巷庭台亭阁园")
TOWNS = ("街道", "街道", "镇")
AWAY = 0.4  # of the people of a district, at most, that a smaller one lacks


@dataclass(frozen=True)
class Variant:
    """A district of the city: chances that somebody with and without work is among its people, and that a visit is made;
    ``words``: what the sheets call something → what they call it here."""

    seed: int
    key: str
    name: str
    name_en: str
    with_work: float
    without: float
    visits: float
    words: Mapping[str, str]


def variants(count: int) -> list[Variant]:
    """``count`` districts, twelve at most; the first is the sample itself."""
    if not 1 <= count <= len(NAMES) + 1:
        raise ValueError(f"1 to {len(NAMES) + 1} districts")
    rng = np.random.default_rng(basis.SAMPLE_SEED)
    pairs = [first + second for first in PLACES[0] for second in PLACES[1]]
    free = [pairs[int(n)] for n in rng.permutation(len(pairs))]
    made = [Variant(basis.SAMPLE_SEED, *FIRST, with_work=1, without=1, visits=1, words={})]
    for n, names in enumerate(NAMES[: count - 1], 1):
        size, work, visits = 1 - AWAY * rng.random(), rng.uniform(0.65, 1.0), rng.uniform(0.55, 1.0)
        seed = basis.SAMPLE_SEED + n
        made.append(
            Variant(seed, *names, with_work=size * work, without=size, visits=visits, words=_words(names[1], free))
        )
    return made


def _words(name: str, free: list[str]) -> dict[str, str]:
    """Names of communities, towns and of the enterprises that the published report names, for another district."""
    words = {community.removesuffix("社区"): free.pop() for community, *_ in LABELS}
    towns = dict.fromkeys(town for _, town, *_ in LABELS)
    words |= {town: free.pop() + kind for town, kind in zip(towns, TOWNS, strict=True)}
    words |= {firm[0]: f"{name[:-1]}{free.pop()}手作坊" for firm in ENTERPRISES[:NAMED]}
    return words | {"太白湖新区": name}


def thinned(
    variant: Variant, people: list[Person], slots: list[Spell], sessions: list[Session], visits: list[Visit]
) -> tuple[list[Person], list[Spell], list[Visit]]:
    """The people, spells of work and visits that the district has; the others leave the courses as well."""
    rng = basis.chance(200)
    chances = (variant.with_work if person.spells else variant.without for person in people)
    chosen = [person for person, share in zip(people, chances, strict=True) if rng.random() < share]
    # The serial of an ID number has three digits: by chance two of 1,600 people get the same number.
    kept = list({person.id_number: person for person in reversed(chosen)}.values())[::-1]
    numbers = {person.number for person in kept}
    own = {id(slot) for person in kept for slot in person.spells}
    for session in sessions:
        session.enrolled[:] = [entry for entry in session.enrolled if entry.person.number in numbers]
    made = [v for v in visits if v.person.number in numbers and (v.first or rng.random() < variant.visits)]
    return kept, [slot for slot in slots if id(slot) in own], made


OPENING = ("单位名称", "岗位名称", "发布日期")
"""What tells openings apart in the sheet."""


def distinct(rows: Iterable[basis.Row], columns: tuple[str, ...]) -> list[basis.Row]:
    """The first of the rows that agree in ``columns``: other chance may open one job twice on a day."""
    return list({tuple(row.get(c) for c in columns): row for row in reversed(list(rows))}.values())[::-1]


def rename(folder: Path, variant: Variant) -> None:
    """Give what is written in ``folder`` the names of the district, and put down its own."""
    for path in _written(folder):
        text = path.read_bytes().decode("utf-8")
        for before, after in variant.words.items():
            text = text.replace(before, after)
        path.write_bytes(text.encode("utf-8"))
    names = {"name": variant.name, "name_en": variant.name_en, "place": variant.seed - basis.SAMPLE_SEED}
    (folder / "district.json").write_text(json.dumps(names, ensure_ascii=False) + "\n", encoding="utf-8")


def _written(folder: Path) -> Iterable[Path]:
    return [*folder.glob("*.csv"), *folder.glob("geometry/*.geojson")]
