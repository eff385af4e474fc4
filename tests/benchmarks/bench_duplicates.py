"""How long the search for people recorded twice takes among 100,000: run on demand.

python tests/benchmarks/bench_duplicates.py
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
PEOPLE, TWICE = 100_000, 1_000
LONGEST = 10.0  # seconds
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
GIVEN = "秀英桂兰玉芳建国海燕志强丽华文静春梅晓明淑珍凤霞红艳军伟勇杰敏洁磊涛鹏辉刚平波斌宁欣雪莉萍娟云洋帆琳婷颖倩慧巧佳嘉宇浩然子涵梓轩"


def people(seed: int = 7) -> pd.DataFrame:
    """A district of 100,000 in 100 communities, of whom 1,000 are recorded a second time with faults."""
    rng = np.random.default_rng(seed)
    n = PEOPLE - TWICE
    names = [
        "".join(parts)
        for parts in zip(
            rng.choice(list(SURNAMES), n), rng.choice(list(GIVEN), n), rng.choice(list(GIVEN), n), strict=True
        )
    ]
    born = pd.to_datetime("1960-01-01") + pd.to_timedelta(rng.integers(0, 16_000, n), unit="D")
    community = rng.integers(1, 101, n)
    table = pd.DataFrame(
        {
            "name": names,
            "phone": (13_000_000_000 + rng.choice(10**9, n, replace=False)).astype(str),
            "phone_2": None,
            "id_hash": None,
            "id_last4": rng.integers(1_000, 10_000, n).astype(str),
            "birth_date": born,
            "community_id": community,
            "grid_id": community * 10 + rng.integers(0, 6, n),
        }
    )
    again = table.sample(TWICE, random_state=seed).assign(phone=lambda t: t["phone"].where(rng.random(TWICE) < 0.6))
    again["birth_date"] = again["birth_date"].where(rng.random(TWICE) < 0.8)
    again["id_last4"] = again["id_last4"].where(rng.random(TWICE) < 0.8)
    both = pd.concat([table, again], ignore_index=True)
    return both.assign(id=np.arange(1, len(both) + 1), was=[*table.index, *again.index])


def main() -> None:
    from core.people.duplicates.scoring import Chances, duplicate_pairs
    from core.store.migrate import REFERENCE

    values = pd.read_csv(REFERENCE / "parameters.csv").drop_duplicates("key", keep="last")
    chances = Chances.of(dict(zip(values["key"], values["value"], strict=True)))
    table = people()
    start = time.perf_counter()
    pairs = duplicate_pairs(table, chances)
    seconds = time.perf_counter() - start
    was = table.set_index("id")["was"]
    right = int((pairs["person_id"].map(was) == pairs["other_id"].map(was)).sum())
    print(
        f"{len(table):,} people: {len(pairs):,} pairs in {seconds:.1f} s, {right:,} of {TWICE:,} duplicates among them"
    )
    sys.exit(seconds > LONGEST)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    main()
