"""Names of nobody: surnames crossed with given names from seasons, plants and weather; staff of the sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from district.basis import chance, pick
from district.geography import Community, Geography


def in_pairs(signs: str) -> tuple[str, ...]:
    """Given names of two characters each, written one after the other."""
    return tuple(first + second for first, second in zip(signs[::2], signs[1::2], strict=True))


SURNAMES = tuple("王李张刘陈杨赵孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任沈姚卢姜崔")
GIVEN_FEMALE = in_pairs(
    "青禾采薇映荷若蘅晴岚露白小满谷雨知夏听雨月见星眠云舒槿夕兰序芷汀棠梨杏雨桐月柳烟荷露霜叶雪砚春信梅笺竹心菱歌萍舟芦雪絮晚莺时燕归鹭洲鹤汀蝉衣萤窗蓼红苇月稻香麦青"
    "桑柔蓝田碧落清浅流岚秋水冬晴朝颜暮云晚桥初霁微澜半夏南烛白芷紫苏茜草蒹葭木樨海棠"
)
GIVEN_MALE = in_pairs(
    "远山长风云舟松涛石渠秋原北辰南川东篱西岭听泉望岳知秋守拙存真寒松晓峰江帆立春惊蛰处暑秋分大寒青崖苍柏浩川牧野耕云渔火竹溪砚田柏舟星野鸿影平沙乐山沐阳行舟归帆岱青"
)
ROLES = ("社区书记", "人社管家", "人社管家", "网格员", "网格员", "网格员", "楼长", "楼长")


@dataclass(frozen=True)
class Staff:
    """A member of the service teams; no community means the whole district."""

    name: str
    role: str
    community: Community | None
    phone: str


def full_name(rng: np.random.Generator, sex: str) -> str:
    """One name out of some five thousand."""
    return pick(rng, SURNAMES) + pick(rng, GIVEN_FEMALE if sex == "女" else GIVEN_MALE)


def make_staff(geography: Geography) -> list[Staff]:
    """Two leaders, eight commissioners, and eight people in each community; every name once."""
    rng = chance(2)
    wanted: list[tuple[str, Community | None]] = [("区级领导", None)] * 2 + [("就业服务专员", None)] * 8
    wanted += [(role, community) for community in geography.communities for role in ROLES]
    staff_by_name: dict[str, Staff] = {}
    while len(staff_by_name) < len(wanted):
        role, community = wanted[len(staff_by_name)]
        name = full_name(rng, pick(rng, "女男", (0.6, 0.4)))
        staff_by_name.setdefault(name, Staff(name, role, community, f"1990000{5000 + len(staff_by_name):04d}"))
    return list(staff_by_name.values())


AGENCIES = ("济宁启航人力资源服务公司（虚构）", "济宁同心社会工作服务中心（虚构）")
GRIDS = ("第一网格", "第二网格", "第三网格", "第四网格")


def staff_rows(staff: list[Staff]) -> list[dict[str, object]]:
    """Rows of the staff sheet: the staff with the grids of grid workers, then the people of third-party agencies.

    Of the three grid workers of a community the last one has two grids, but in every fifth community one.
    """
    rows: list[dict[str, object]] = []
    workers: dict[str, int] = {}
    for s in staff:
        grids = ""
        if s.role == "网格员" and s.community is not None:
            n = workers[s.community.name] = workers.get(s.community.name, 0) + 1
            has_two = n == 3 and s.community.number % 5 != 4
            grids = "、".join(GRIDS[n - 1 : n + has_two])
        place = s.community.name if s.community else None
        rows.append({"姓名": s.name, "角色": s.role, "社区": place, "联系电话": s.phone, "负责网格": grids or None})
    return rows + _agency_rows(staff)


def _agency_rows(staff: list[Staff]) -> list[dict[str, object]]:
    """One person of an agency in every third community."""
    rng = chance(36)
    taken = {s.name for s in staff}
    places = list(dict.fromkeys(s.community.name for s in staff if s.community))[::3]
    rows: list[dict[str, object]] = []
    for n, place in enumerate(places):
        name = next(
            name for name in iter(lambda: full_name(rng, pick(rng, "女男", (0.6, 0.4))), None) if name not in taken
        )
        taken.add(name)
        rows.append(
            {"姓名": name, "角色": "第三方机构", "社区": place, "联系电话": f"1990000{6000 + n:04d}"}
            | {"所属机构": AGENCIES[n % len(AGENCIES)]}
        )
    return rows
