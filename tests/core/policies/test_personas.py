"""Thirty-five people by hand, each judged by every policy that ships, with the trace that leads there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.policies import queries
from core.policies.conditions import Step, Truth
from core.policies.eligibility import Judgement, judge
from core.policies.loading import load
from core.policies.wording import MARKS
from core.store import settings
from core.store.database import Database
from core.store.schema import (
    Community,
    EligibilityAnswer,
    Hardship,
    Intention,
    MicroBusiness,
    Person,
    PersonStateSpell,
    Placement,
    WelfarePost,
)
from core.terms import (
    BusinessKind,
    Channel,
    CommunityKind,
    HardshipKind,
    InsurancePayer,
    JobForm,
    PersonState,
    Registration,
    RetirementGroup,
    Sex,
)

TODAY = date(2025, 12, 28)
POLICIES = (
    "hardship_recognition",
    "post_placement",
    "post_extension",
    "insurance_flexible",
    "start_up_once",
    "start_up_loan",
)
WOMAN, MAN = Sex.FEMALE, Sex.MALE
OLDER, LOW, DISABLED = HardshipKind.OLDER, HardshipKind.LOW_INCOME, HardshipKind.DISABLED
SEEKING, EMPLOYED, ON_POST = PersonState.SEEKING, PersonState.EMPLOYED, PersonState.ON_POST
OWN, NOBODY, EMPLOYER = InsurancePayer.OWN, InsurancePayer.NOBODY, InsurancePayer.EMPLOYER
RUNNING = ((date(2024, 3, 1), None, 1),)
ENDED = ((date(2021, 3, 1), date(2024, 2, 29), 1),)


@dataclass(frozen=True)
class Persona:
    """``expected``: a mark a policy, in the order of ``POLICIES``; ``trace``: marks of all conditions of one of them."""

    who: str
    expected: str
    sex: Sex | None = WOMAN
    born: date | None = date(1987, 6, 15)
    state: PersonState = SEEKING
    since: date = date(2025, 6, 1)
    hardships: Mapping[HardshipKind, tuple[date | None, date | None]] = field(default_factory=dict)
    disability: str | None = None
    posts: tuple[tuple[date, date | None, int], ...] = ()
    work: JobForm | None = None
    work_ended: date | None = None
    answers: tuple[tuple[date, dict[str, Any]], ...] = ()
    business: tuple[date, date | None] | None = None
    wants: bool | None = None
    trace: tuple[str, str] | None = None


def valid(*kinds: HardshipKind) -> dict[HardshipKind, tuple[date | None, date | None]]:
    return dict.fromkeys(kinds, (date(2025, 1, 1), None))


def asked(day: date = date(2025, 9, 1), **fields: Any) -> tuple[tuple[date, dict[str, Any]], ...]:
    return ((day, fields),)


P = Persona
PERSONAS = (
    P("a woman of 42 without a category", "✓✗✗✗✗✗", born=date(1983, 5, 1), trace=("hardship_recognition", "✓✓✓✓✓✗✗✗")),
    P("a woman of 38 out of work for half a year", "✗✗✗✗✗✗", trace=("hardship_recognition", "✓✓✓✓✗✗✗✗")),
    P("a woman of 38 out of work for over a year", "✓✗✗✗✗✗", since=date(2024, 11, 1), trace=("hardship_recognition", "✓✓✓✓✗✗✗✓")),
    P("a man of 49", "✗✗✗✗✗✗", sex=MAN, born=date(1976, 3, 1)),
    P("a man on the day of his fiftieth birthday", "✓✗✗✗✗✗", sex=MAN, born=date(1975, 12, 28)),
    P("a man on the day before it", "✗✗✗✗✗✗", sex=MAN, born=date(1975, 12, 29)),
    P("somebody of 45 whose sex is unknown", "?✗✗✗✗✗", sex=None, born=date(1980, 5, 1), trace=("hardship_recognition", "✓✓✓?✓?✗✗")),
    P("a man of unknown age", "?✗✗✗✗✗", sex=MAN, born=None, trace=("hardship_recognition", "✓?✓✗?✓?✗")),
    P("an older person of unknown age", "✗?✗✗✗?", born=None, hardships=valid(OLDER), trace=("post_placement", "✓✓?✓✓✓✓✗")),
    P("an older man who was never on a post", "✗✓✗✗✗✗", sex=MAN, born=date(1973, 5, 1), hardships=valid(OLDER), wants=False),
    P("a poor man after one post", "✗✗✗✗✗✓", sex=MAN, born=date(1973, 5, 1), hardships=valid(LOW), posts=ENDED, wants=True,
      trace=("post_placement", "✓✓✓✓✓✗✗✗")),
    P("a severely disabled man after one post", "✗✓✗✗✗?", sex=MAN, born=date(1973, 5, 1), hardships=valid(DISABLED),
      disability="肢体二级", posts=ENDED, trace=("post_placement", "✓✓✓✓✓✗✗✓")),
    P("a disabled man of unknown grade after one post", "✗?✗✗✗✓", sex=MAN, born=date(1973, 5, 1),
      hardships=valid(DISABLED), posts=ENDED, wants=True, trace=("post_placement", "✓✓✓✓✓✗✗?")),
    P("an older man after two posts", "✗✗✗✗✗✗", sex=MAN, born=date(1970, 5, 1), hardships=valid(OLDER), wants=False,
      posts=((date(2018, 3, 1), date(2021, 2, 28), 1), *ENDED), trace=("post_placement", "✓✓✓✓✗✗✓✗")),
    P("an older man whose first post was elsewhere", "✗✗✗✗✗✗", sex=MAN, born=date(1970, 5, 1), hardships=valid(OLDER),
      wants=False, posts=((date(2021, 3, 1), date(2024, 2, 29), 2),)),
    P("a woman of 45 whose proof ended yesterday", "✓✗✗✗✗✗", born=date(1980, 5, 1),
      hardships={LOW: (None, date(2025, 12, 27))}),
    P("a woman of 45 whose proof ends today", "✗✓✗✗✗?", born=date(1980, 5, 1), hardships={LOW: (None, TODAY)}),
    P("a woman of 38 whose proof begins tomorrow", "✗✗✗✗✗✗", hardships={LOW: (date(2025, 12, 29), None)}),
    P("a man on a post, three years from retirement", "✗✗✓✗✗✗", sex=MAN, born=date(1968, 6, 10), state=ON_POST,
      hardships=valid(OLDER), posts=RUNNING, trace=("post_extension", "✓✓✓")),
    P("a man on a post, seven years from retirement", "✗✗✗✗✗✗", sex=MAN, born=date(1971, 6, 10), state=ON_POST,
      posts=RUNNING, trace=("post_extension", "✓✓✗")),
    P("a woman of 47 on a post, worker or manager", "✗✗?✗✗✗", born=date(1978, 6, 10), state=ON_POST, posts=RUNNING,
      trace=("post_extension", "✓✓?")),
    P("a worker of 47 on a post", "✗✗✓✗✗✗", born=date(1978, 6, 10), state=ON_POST, posts=RUNNING,
      answers=asked(retirement_group=RetirementGroup.WORKER)),
    P("a manager of 47 on a post", "✗✗✗✗✗✗", born=date(1978, 6, 10), state=ON_POST, posts=RUNNING,
      answers=asked(retirement_group=RetirementGroup.STAFF)),
    P("a woman of 40 on a post: far from either age", "✗✗✗✗✗✗", born=date(1985, 6, 10), state=ON_POST, posts=RUNNING,
      trace=("post_extension", "✓✓✗")),
    P("a woman of 60: past either age", "✗✗✗✗✗✗", born=date(1965, 6, 10), hardships=valid(OLDER), wants=True,
      trace=("start_up_loan", "✓✗✓✓✗")),
    P("in flexible work, pays the insurance", "✗✗✗✓✗✗", state=EMPLOYED, work=JobForm.FLEXIBLE, hardships=valid(LOW),
      answers=asked(insurance=OWN), wants=False, trace=("insurance_flexible", "✓✓✓✓")),
    P("in flexible work, insurance not asked", "✗✗✗?✗✗", state=EMPLOYED, work=JobForm.FLEXIBLE, hardships=valid(LOW),
      wants=False, trace=("insurance_flexible", "✓✓?✓")),
    P("in flexible work, insured by the employer", "✗✗✗✗✗✗", state=EMPLOYED, work=JobForm.FLEXIBLE,
      hardships=valid(LOW), answers=asked(insurance=EMPLOYER), wants=False),
    P("in flexible work without a category, insurance not asked", "✗✗✗✗✗✗", state=EMPLOYED, work=JobForm.FLEXIBLE,
      wants=False, trace=("insurance_flexible", "✗✓?✓")),
    P("employed, work not on record", "✗✗✗???", state=EMPLOYED, hardships=valid(LOW), answers=asked(insurance=OWN),
      wants=False, trace=("insurance_flexible", "✓?✓✓")),
    P("owner of a registered shop", "✗✗✗✓✓✓", state=EMPLOYED, work=JobForm.SELF_EMPLOYED, hardships=valid(LOW),
      answers=asked(insurance=OWN), business=(date(2025, 3, 1), None), trace=("start_up_once", "✓✗✓✓")),
    P("self-employed, not in the register", "✗✗✗???", state=EMPLOYED, work=JobForm.SELF_EMPLOYED, hardships=valid(LOW)),
    P("owner of a shop that has closed", "✗✓✗✗✗?", hardships=valid(LOW), business=(date(2024, 3, 1), date(2025, 5, 31)),
      work=JobForm.SELF_EMPLOYED, work_ended=date(2025, 5, 31)),
    P("in flexible work, to be asked next week", "✗✗✗?✗✗", state=EMPLOYED, work=JobForm.FLEXIBLE, hardships=valid(LOW),
      answers=asked(date(2026, 1, 5), insurance=OWN), wants=False),
    P("stopped paying the insurance in November", "✗✗✗✗✗✗", state=EMPLOYED, work=JobForm.FLEXIBLE, hardships=valid(LOW),
      answers=((date(2025, 3, 1), {"insurance": OWN}), (date(2025, 11, 1), {"insurance": NOBODY})), wants=False),
)  # fmt: skip


def store(db: Database) -> dict[str, int]:
    """Every persona with rows of their own; name → id."""
    ids = {}
    with db.write() as session:
        session.add(Community(id=1, code="1", name="荷风社区", kind=CommunityKind.URBAN, lon=116.6, lat=35.4))
        session.flush()
        for own in PERSONAS:
            person = Person(
                name=own.who[:60], sex=own.sex, birth_date=own.born, disability=own.disability, community_id=1
            )
            session.add(person)
            session.flush()
            key = {"person_id": person.id}
            rows: list[Any] = [PersonStateSpell(**key, since=own.since, state=own.state)]
            rows += [Hardship(**key, kind=kind, since=a, until=b) for kind, (a, b) in own.hardships.items()]
            rows += [
                WelfarePost(
                    **key,
                    kind=Registration.URBAN,
                    started_on=start,
                    ends_on=end or date(2027, 2, 28),
                    exited_on=end,
                    spell_number=number,
                )
                for start, end, number in own.posts
            ]
            rows += [EligibilityAnswer(**key, stated_on=day, **fields) for day, fields in own.answers]
            if own.work is not None:
                rows.append(
                    Placement(
                        **key,
                        started_on=date(2025, 2, 1),
                        channel=Channel.OTHER,
                        form=own.work,
                        ended_on=own.work_ended,
                    )
                )
            if own.business is not None:
                opened, closed = own.business
                rows.append(
                    MicroBusiness(
                        **key,
                        name=own.who,
                        kind=BusinessKind.CRAFT_SHOP,
                        community_id=1,
                        opened_on=opened,
                        closed_on=closed,
                    )
                )
            if own.wants is not None:
                rows.append(Intention(**key, stated_on=date(2025, 7, 1), wants_start_up=own.wants))
            session.add_all(rows)
            ids[own.who] = person.id
    return ids


def judged(db: Database, day: date = TODAY) -> dict[str, Judgement]:
    with db.read() as connection:
        rules, parameters, records = queries.rules(connection), settings.parameters(connection), load(connection)
    return {own.rule.code: own for own in judge(records, rules, parameters, day)}


def leaf_marks(step: Step) -> str:
    return "".join(map(leaf_marks, step.parts)) if step.parts else MARKS[step.truth]


def test_every_persona_is_judged_as_expected_with_the_expected_trace(db: Database) -> None:
    ids = store(db)
    by_policy = judged(db)

    def marks(own: Persona) -> tuple[str, str, str]:
        code, _ = own.trace or ("", "")
        said = "".join(MARKS[by_policy[policy].truth_of(ids[own.who])] for policy in POLICIES)
        return own.who, said, leaf_marks(by_policy[code].trace(ids[own.who])) if code else ""

    marked = [marks(own) for own in PERSONAS]
    expected = [(own.who, own.expected, (own.trace or ("", ""))[1]) for own in PERSONAS]
    assert [(f, e) for f, e in zip(marked, expected, strict=True) if f != e] == []


def test_no_policy_says_the_same_of_everyone_and_each_truth_occurs(db: Database) -> None:
    ids = store(db)
    by_policy = judged(db)
    said = {code: {by_policy[code].truth_of(key) for key in ids.values()} for code in POLICIES}

    assert all({Truth.YES, Truth.NO, Truth.UNKNOWN} <= own for own in said.values())
