"""Public-welfare posts by hand: begun, extended and ended within the legal limits.

with command(db, actor=access, action=Action.MANAGE_POST, at=now) as change:
    post = start_post(change, 17, kind=Registration.URBAN, started_on=today, ends_on=end, limits=limits)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from core.locale import Translator
from core.people.commands import set_state
from core.people.posts.limits import PostBreach, PostLimits, breaches
from core.people.posts.queries import post_facts
from core.store.commands import Change, CommandRefused, NotFound
from core.store.schema import WelfarePost
from core.terms import ExitReason, PersonState, Registration

__all__ = ["PostRefused", "end_post", "extend_post", "start_post"]


class PostRefused(CommandRefused):
    """A legal limit forbids it; nothing is changed."""

    def __init__(self, breaches: Sequence[PostBreach]) -> None:
        super().__init__("; ".join(breach.en for breach in breaches))
        self.breaches = tuple(breaches)

    def sentence(self, tr: Translator) -> str:
        """The rules that would be broken."""
        return tr("Not saved: {problem}.", problem=tr("; ").join(map(tr.term, self.breaches)))


def start_post(
    change: Change,
    person_id: int,
    *,
    kind: Registration,
    started_on: date,
    ends_on: date,
    limits: PostLimits,
    title: str = "",
    host: str = "",
    community_id: int | None = None,
    target_group: str = "",
    retires_at_55: bool = False,
) -> int:
    """A post begins: the spell and the person's state; returns the id of the spell.

    PostRefused beyond the limits, ValueError for an end before the start, NotFound for a person out of scope.
    """
    change.check_person(person_id)
    if ends_on <= started_on:
        raise ValueError("a post ends after it begins")
    facts = post_facts(change.session.connection(), person_id, started_on, retires_at_55=retires_at_55)
    broken = breaches(facts, limits, started_on, ends_on, is_new=True)
    if broken:
        raise PostRefused(tuple(broken))
    post = change.add(
        WelfarePost(
            person_id=person_id,
            kind=kind,
            title=title.strip() or None,
            host=host.strip() or None,
            community_id=community_id,
            target_group=target_group.strip() or None,
            started_on=started_on,
            ends_on=ends_on,
            spell_number=facts.spells + 1,
        )
    )
    set_state(change, person_id, PersonState.ON_POST, started_on)
    return int(post)


def extend_post(
    change: Change, post_id: int, *, ends_on: date, limits: PostLimits, version: int, retires_at_55: bool = False
) -> None:
    """Another agreed end of a running post. PostRefused beyond the limits or where it has ended, Conflict, NotFound."""
    post = _post(change, post_id)
    facts = post_facts(change.session.connection(), post.person_id, post.started_on, retires_at_55=retires_at_55)
    broken = breaches(facts, limits, post.started_on, ends_on, is_new=False)
    if broken:
        raise PostRefused(tuple(broken))
    if ends_on <= post.started_on or post.exited_on is not None:
        raise ValueError("only a running post is extended, to a day after its start")
    change.edit(WelfarePost, post_id, {"ends_on": ends_on}, version=version)


def end_post(change: Change, post_id: int, *, exited_on: date, reason: ExitReason, version: int) -> None:
    """A post ends: who retires leaves the pool, everyone else seeks work from that day on. Conflict, NotFound."""
    post = _post(change, post_id)
    if exited_on < post.started_on or post.exited_on is not None:
        raise ValueError("a running post ends on or after the day of its start")
    change.edit(WelfarePost, post_id, {"exited_on": exited_on, "exit_reason": reason}, version=version)
    state = PersonState.RETIRED if reason is ExitReason.RETIRED else PersonState.SEEKING
    set_state(change, post.person_id, state, exited_on)


def _post(change: Change, post_id: int) -> WelfarePost:
    post = change.session.get(WelfarePost, post_id)
    if post is None:
        raise NotFound(f"{WelfarePost.__tablename__} {post_id}")
    return post
