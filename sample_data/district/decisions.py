"""What the bureau decided: two review rounds, support of enterprises, visits, and answers to orders; by the app's own commands.

The last review is replayed as a round that was carried through; a second round is open, its panel half done. Promises are
computed as of the day on which their order came in, from the sheets as they were known then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import select, update

from core.accounts import queries as account_queries
from core.enterprises import queries, support_commands
from core.enterprises.rounds import commands as rounds
from core.enterprises.rounds.commands import Compliance, ThirdParty
from core.intake.decisions import dump
from core.intake.seed import DECISIONS
from core.locale import translator
from core.policy import Access, Action
from core.store.commands import command
from core.store.database import Database
from core.store.schema import Order as StoredOrder
from core.store.schema import Product, ReviewCase, ReviewRound
from core.terms import AccountRole, Pillar, PromiseKind, SupportState, Tier
from core.workshops import loading
from core.workshops.commands import promise_of
from core.workshops.promise import Ask, Offer, offers
from core.workshops.states import WorkshopRows, workshop_states
from district.basis import END, chance, days
from district.monitoring import imported
from district.production import Order
from district.reviews import BREACH, CONFLICT, FOURTH_JUDGE, JUDGES, REVIEWS, Review, add_months

__all__ = ["make_decisions", "remove", "write"]

OPENED, FROZEN = REVIEWS[-1] + days(3), REVIEWS[-1] + days(5)
ASSESSOR = "济宁众信第三方评估中心（虚构）"
NEW_ROUND, NEW_ROUND_ENDS = "2025年末复核", date(2025, 12, 27)
NEW_ROUND_FOR = ("绒花阁手作", "线团与猫手作", "小满编织铺", "香囊巷手作", "纸窗花工坊")
"""Enterprises whose last review left a question: sources that disagree, no third party, a breach, a first review."""
RELATIVE = "纸窗花工坊"
"""Of one of the judges of the open round."""

MEASURES = (
    ("订单对接与展会", Tier.RESERVE, None, "区人社〔2025〕6号"),
    ("技能提升补贴", Tier.GROWTH, 8_000.0, "区人社〔2025〕6号"),
    ("场地租金补贴", Tier.GROWTH, 12_000.0, "区人社〔2025〕9号"),
    ("一次性吸纳就业补助", Tier.BACKBONE, 20_000.0, "区人社〔2025〕9号"),
    ("贷款贴息", Tier.LEADER, 30_000.0, "区财金〔2025〕14号"),
)
P, A, D, E, R = SupportState
GRANTS = (
    ("订单对接与展会", "麦秆画坊", (D, E), date(2025, 9, 5), "参加文创市集2场，新增订单5笔"),
    ("订单对接与展会", "虎头里童鞋坊", (A,), date(2025, 12, 22), ""),
    ("技能提升补贴", "云绒玩偶坊", (A, D, E), date(2025, 8, 18), "培训22人，结业19人，留用14人"),
    ("技能提升补贴", "桃枝手作社", (A, D), date(2025, 11, 10), ""),
    ("场地租金补贴", "布凡新途", (A, D), date(2025, 10, 16), ""),
    ("场地租金补贴", "云绒玩偶坊", (R,), date(2025, 12, 23), "同一场地已享受园区减免，不重复补贴"),
    ("一次性吸纳就业补助", "上善钩织", (A, D, E), date(2025, 7, 21), "新吸纳公益岗退出人员6人，均满半年"),
    ("一次性吸纳就业补助", "济宁壮志天上商贸公司", (A, D), date(2025, 12, 24), ""),
    ("贷款贴息", "济宁壮志天上商贸公司", (), date(2025, 12, 26), ""),
)
"""Measure, enterprise, states after "planned", day of the last one, effect."""
VISITS = (
    ("上善钩织", date(2025, 11, 20), "核对吸纳人员名单与工资发放记录，未见异常"),
    ("小满编织铺", date(2025, 12, 24), "欠薪已于12月23日补发，需提交银行流水"),
    ("香囊巷手作", date(2025, 12, 25), "第三方与专家对订单打分相差较大，企业补充合同3份"),
    ("云绒玩偶坊", date(2025, 12, 11), "旺季用工不足，拟从麦垄微工厂调剂人员"),
    ("济宁壮志天上商贸公司", date(2025, 12, 4), "有意增设2条产线，场地需求约300平方米"),
)

PROMISED_FROM = date(2025, 10, 20)
REFUSALS = (
    ("荷风微工厂", "G01", 3_200, date(2025, 12, 15), date(2026, 1, 9), 1.0),
    ("书香里微工厂", "G20", 260, date(2025, 12, 18), date(2026, 1, 30), 0.72),
)
"""Workshop, product, pieces, day of the request, date wanted, offered price as a share of the piece rate."""


def remove(folder: Path) -> None:
    """Remove the file of decisions from ``folder``."""
    (folder / DECISIONS).unlink(missing_ok=True)


def write(folder: Path, decided: dict[str, Any]) -> None:
    """Write the file of decisions into ``folder``."""
    text = json.dumps(decided, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / DECISIONS).write_text(text + "\n", encoding="utf-8")


def make_decisions(folder: Path, last: Sequence[Review], orders: Sequence[Order]) -> dict[str, Any]:
    """The decisions as ``core.intake.decisions`` reads them; ``folder`` holds the sheets without the reviews of ``last``."""
    with imported(folder) as db:
        with db.read() as connection:
            names = {row.role: row.name for row in account_queries.demonstration_accounts(connection)}
            employers = {str(row.name): int(row.id) for row in queries.enterprises(connection).itertuples()}
        office = Office(db, names[AccountRole.ENTERPRISE_OFFICER])
        finished_round(office, employers, last)
        open_round(office, employers, names)
        support(office, employers)
        promises(office, orders)
        with db.read() as connection:
            return dump(connection)


class Office:
    """The store and the enterprise officer, who does everything that is not somebody else's."""

    def __init__(self, db: Database, officer: str) -> None:
        self.db, self.officer = db, officer

    def act(self, day: date, step: Callable[..., Any], *args: Any, who: str | None = None, **options: Any) -> Any:
        """Run a step of a round, or of support, on ``day``."""
        actor = Access(None, who or self.officer, AccountRole.ENTERPRISE_OFFICER, None)
        at = datetime.combine(day, time(2), UTC)
        with command(self.db, actor=actor, action=Action.RUN_REVIEW, at=at) as change:
            return step(change, *args, **options)

    def version(self, table: Any, key: int) -> int:
        """The present version of a row, as the screen would have it."""
        with self.db.read() as connection:
            return int(connection.execute(select(table.version).where(table.id == key)).scalar_one())

    def cases(self, round_id: int) -> dict[str, int]:
        """Cases of a round by the name of the enterprise."""
        with self.db.read() as connection:
            rows = queries.cases(connection)
        own = rows[rows["round_id"] == round_id]
        return {str(row["name"]): int(key) for key, row in own.set_index("id").iterrows()}


def finished_round(office: Office, employers: dict[str, int], last: Sequence[Review]) -> None:
    """The last review as a round: four judges, one of them excluded once. Its scores are those of the sheets."""
    panel = (*JUDGES, FOURTH_JUDGE)
    key = office.act(OPENED, rounds.open_round, "2025H2", REVIEWS[-1], panel, list(employers.values()), OPENED)
    cases = office.cases(key)
    office.act(OPENED, rounds.exclude_judge, cases[CONFLICT[0]], FOURTH_JUDGE, "配偶在该企业任职")
    for review in last:
        case = cases[review.employer.name]
        for judge in panel:
            marks = {p: given["专家评审"][judge] for p, given in review.values.items() if judge in given["专家评审"]}
            if marks:
                office.act(OPENED, rounds.mark, case, marks, who=judge)
        values = {p: given["第三方评估"][""] for p, given in review.values.items() if "第三方评估" in given}
        if values:
            made = REVIEWS[-1] - days(9)
            third = ThirdParty(ASSESSOR, made, add_months(made, 12), "第三方入企评估", values)
            office.act(OPENED, rounds.record_third_party, case, third, office.version(ReviewCase, case))
        if (review.employer.name, review.day) == BREACH:
            compliance = Compliance({"wage_arrears"}, "劳动监察：拖欠3人11月工资")
            office.act(OPENED, rounds.record_compliance, case, compliance, office.version(ReviewCase, case))
    office.act(FROZEN, rounds.close_scoring, key, office.version(ReviewRound, key))
    proposals = office.act(FROZEN, rounds.propose_tiers, key, office.version(ReviewRound, key))
    office.act(FROZEN, rounds.close_decisions, key, office.version(ReviewRound, key))
    scores = {p.inputs.name: None if p.score.index is None else round(p.score.index, 1) for p in proposals}
    assert scores == {review.employer.name: review.score for review in last}
    assert {p.inputs.name: p.tier.zh for p in proposals} == {review.employer.name: review.tier for review in last}
    next_on = add_months(REVIEWS[-1], 6)
    office.act(FROZEN, rounds.freeze_round, key, next_on, office.version(ReviewRound, key))


def open_round(office: Office, employers: dict[str, int], names: dict[AccountRole, str]) -> None:
    """A second look at five enterprises, the panel half done: blind until it is closed."""
    leader, caseworker, dispatcher = (
        names[role] for role in (AccountRole.LEADER, AccountRole.CASEWORKER, AccountRole.DISPATCHER)
    )
    panel = (leader, caseworker, dispatcher, office.officer)
    chosen = [employers[name] for name in NEW_ROUND_FOR]
    key = office.act(NEW_ROUND_ENDS, rounds.open_round, NEW_ROUND, NEW_ROUND_ENDS, panel, chosen, NEW_ROUND_ENDS)
    cases = office.cases(key)
    office.act(NEW_ROUND_ENDS, rounds.exclude_judge, cases[RELATIVE], caseworker, "亲属在该企业任职")
    rng = chance(130)
    done = {leader: NEW_ROUND_FOR, caseworker: [n for n in NEW_ROUND_FOR if n != RELATIVE][:2], dispatcher: ()}
    for judge, marked in done.items():
        for name in marked:
            marks = {pillar: round(float(rng.uniform(0.5, 0.8)), 2) for pillar in Pillar}
            office.act(NEW_ROUND_ENDS, rounds.mark, cases[name], marks, who=judge)
    values = {pillar: round(float(rng.uniform(0.55, 0.75)), 2) for pillar in Pillar}
    third = ThirdParty(ASSESSOR, NEW_ROUND_ENDS - days(1), add_months(NEW_ROUND_ENDS, 12), "补评", values)
    case = cases["线团与猫手作"]
    office.act(NEW_ROUND_ENDS, rounds.record_third_party, case, third, office.version(ReviewCase, case))
    case = cases["小满编织铺"]
    settled = Compliance((), "欠薪已补发，银行流水待核")
    office.act(NEW_ROUND_ENDS, rounds.record_compliance, case, settled, office.version(ReviewCase, case))


def support(office: Office, employers: dict[str, int]) -> None:
    """Measures, what became of them at enterprises, and visits."""
    with office.db.read() as connection:
        reviews = queries.reviews(connection, END)
    tiers = {int(k): Tier.of(str(t)) for k, t in reviews.groupby("employer_id")["tier"].last().items()}
    measures = {
        name: office.act(date(2025, 6, 30), support_commands.offer_measure, name, tier, amount, basis)
        for name, tier, amount, basis in MEASURES
    }
    for measure, name, states, day, effect in GRANTS:
        key, first = employers[name], day - days(12 * len(states))
        grant = office.act(first, support_commands.plan_grant, measures[measure], key, tiers[key], None, first)
        for version, state in enumerate(states, 1):
            on = first + days(12 * version)
            text = effect if version == len(states) else ""
            office.act(on, support_commands.move_grant, grant, state, text, on, version)
    for name, day, note in VISITS:
        office.act(day, support_commands.record_visit, employers[name], day, note, day)


def promises(office: Office, orders: Sequence[Order]) -> None:
    """What was expected of the orders of the last ten weeks when they came in, and two requests that were refused."""
    with office.db.read() as connection:
        ids = {str(code): int(key) for code, key in connection.execute(select(StoredOrder.code, StoredOrder.id))}
        products = {row.code: row for row in connection.execute(select(Product.__table__))}
    with office.db.write() as session:  # so that rows of a past day hold the orders that have been made since
        session.execute(update(StoredOrder).values(done_pieces=0))
    for order in orders:
        if order.received >= PROMISED_FROM:
            made = products[order.product]
            ask = Ask(order.pieces, made.standard_minutes, order.due, made.piece_rate, made.id, made.name)
            offer = answer(office, orders, order.workshop.name, ask, order.received)
            office.act(
                order.received,
                lambda change, offer=offer, order=order: change.add(
                    promise_of(change, PromiseKind.ORDER, offer, order.received, order_id=ids[order.code])
                ),
            )
    for workshop, product, pieces, day, due, share in REFUSALS:
        made = products[product]
        ask = Ask(pieces, made.standard_minutes, due, round(made.piece_rate * share, 2), made.id, made.name)
        offer = answer(office, orders, workshop, ask, day)
        reason = "；".join(offer.quote.objections(translator("zh")))[:200]
        assert reason, "nothing speaks against the request"
        office.act(
            day,
            lambda change, offer=offer, day=day, reason=reason: change.add(
                promise_of(change, PromiseKind.REFUSAL, offer, day, reason=reason)
            ),
        )


def answer(office: Office, orders: Sequence[Order], workshop: str, ask: Ask, day: date) -> Offer:
    """What the workshop answers on ``day`` to ``ask``, with the orders that it had then."""
    with office.db.read() as connection:
        rows = loading.load(connection, day)
    own = rows.workshops[rows.workshops["name"] == workshop]
    rows = replace(rows, orders=open_on(rows, orders, day), workshops=own)
    return offers(rows, workshop_states(rows, day), ask)[0]


def open_on(rows: WorkshopRows, orders: Sequence[Order], day: date) -> pd.DataFrame:
    """The orders that were open on ``day``; what was made of them by then is taken as even over their time."""
    rest = {}
    for order in orders:
        end = order.closed or END
        if order.received < day < end:
            passed = (day - order.received).days / (end - order.received).days
            rest[order.code] = order.pieces - int(order.done * passed)
    table = rows.orders[rows.orders["code"].isin(rest)]
    return table.assign(remaining=table["code"].map(rest))
