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


def staff_rows(staff: list[Staff]) -> list[dict[str, object]]:
    """Rows of the staff sheet."""
    return [
        {"姓名": s.name, "角色": s.role, "社区": s.community.name if s.community else None, "联系电话": s.phone}
        for s in staff
    ]
