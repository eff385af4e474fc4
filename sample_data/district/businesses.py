"""Micro-businesses: those of the self-employed of the sample, and some of people outside the pool; what they were helped with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from district.basis import END, START, Row, add_months, between, chance, days, pick
from district.geography import Community, Geography
from district.people import Person
from district.slots import Spell

NAMES = {
    "小型手工作坊": (
        "青线手作", "布谷缝坊", "棉田手工铺", "竹影编坊", "小荷刺绣屋", "一针一线", "拾布手作", "豆蔻钩织", "蒲草编坊",
        "云朵布艺", "麻绳小院", "槐花手作", "灯芯绒铺", "小满香囊", "巷尾绣坊", "丝瓜藤手作",
    ),
    "社区便利店": (
        "檐角便利店", "晚灯小店", "三号楼小铺", "邻里便利屋", "街心小店", "水边便利店", "麦香小铺", "石榴便利店", "台阶小卖部",
        "半斤八两小店", "向南便利店",
    ),
    "社区快递代收点": (
        "飞羽代收点", "半日达驿站", "门口快递角", "纸箱驿站", "云雀代收点", "小站快递", "绿门代收点", "拐角驿站",
    ),
}  # fmt: skip
WEIGHTS = (0.45, 0.3, 0.25)
OUTSIDE = 15
"""Businesses whose owner is not of the pool."""
CLOSING = 0.3
"""Share of these that have closed by the last day."""
SUPPORT = {"场地支持": (0.5, None), "创业培训": (0.55, None), "开办帮扶": (0.4, (1000, 2000, 3000))}
"""Kind of help → share of businesses that got it, and amounts in yuan."""


@dataclass(frozen=True)
class Business:
    """``owner`` None: somebody outside the pool."""

    name: str
    kind: str
    owner: Person | None
    community: Community
    opened: date
    closed: date | None


def make_businesses(geography: Geography, people: list[Person]) -> list[Business]:
    """A business for each spell of self-employment, open as long as that lasts, then those of other people."""
    rng = chance(120)
    left = {kind: list(names) for kind, names in NAMES.items()}
    made: list[Business] = []

    def add(owner: Person | None, community: Community, opened: date, closed: date | None) -> None:
        kinds = [kind for kind in left if left[kind]]
        kind = pick(rng, kinds, [WEIGHTS[list(NAMES).index(kind)] for kind in kinds])
        made.append(Business(left[kind].pop(0), kind, owner, community, opened, closed))

    own = [(spell, person) for person in people for spell in person.spells if is_own(spell)]
    for spell, person in sorted(own, key=lambda pair: (pair[0].start, pair[1].number)):
        add(person, person.community, spell.start, spell.end)
    for opened in sorted(between(rng, START + days(20), END - days(30)) for _ in range(OUTSIDE)):
        life = days(rng.integers(60, 560)) if rng.random() < CLOSING else None
        closed = opened + life if life is not None and opened + life <= END else None
        add(None, pick(rng, geography.communities, [c.weight for c in geography.communities]), opened, closed)
    return made


def is_own(spell: Spell) -> bool:
    """Whether a spell of work is an own business."""
    return spell.channel == "自主创业"


def business_rows(businesses: list[Business]) -> list[Row]:
    """Rows of the register."""
    rows: list[Row] = []
    for b in businesses:
        owner = b.owner
        who = (
            {}
            if owner is None
            else {"业主姓名": owner.name, "业主身份证号": owner.id_number, "业主联系电话": owner.phone}
        )
        rows.append(
            {"经营实体名称": b.name, "经营类型": b.kind, "社区": b.community.name}
            | who
            | {"开业日期": b.opened, "停业日期": b.closed}
        )
    return rows


def support_rows(businesses: list[Business]) -> list[Row]:
    """Help given around the opening."""
    rng = chance(121)
    rows: list[Row] = []
    for b in businesses:
        for kind, (share, amounts) in SUPPORT.items():
            day = min(add_months(b.opened, int(rng.integers(0, 3))), b.closed or END, END)
            wanted, amount = rng.random() < share, pick(rng, amounts) if amounts else None
            if wanted:
                rows.append(
                    {"经营实体名称": b.name, "扶持类别": kind, "扶持日期": max(day, b.opened), "扶持金额(元)": amount}
                )
    return rows
