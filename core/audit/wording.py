"""Events of the log in words. Who a person is stays masked: the log says what was done, not who somebody is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Table

from core.intake.parsing.vocabulary import Vocabulary
from core.intake.wording import TABLE_NAMES, field_name, value_as_text
from core.locale import N_, Translator
from core.policy import Action
from core.store.audit_chain import is_erased
from core.store.commands import from_json
from core.store.schema import Base

__all__ = ["action_name", "entity_name", "event_table"]

OTHER_TABLES = {
    "account": N_("Accounts"),
    "account_community": N_("Communities of accounts"),
    "distinct_pair": N_("Pairs decided to be two people"),
    "employer_visit": N_("Visits to enterprises"),
    "event_intent": N_("Named intents"),
    "export": N_("Exports"),
    "extract": N_("Extracts"),
    "one_time_link": N_("One-time links"),
    "person_alias": N_("Former numbers of people"),
    "person_correction": N_("Reasons for corrections"),
    "person_merge": N_("Merges of people"),
    "payment_line": N_("Lines of payment lists"),
    "payment_list": N_("Payment lists"),
    "policy_rule": N_("Versions of policies"),
    "promise": N_("Promises of workshops"),
    "reveal": N_("Data seen in full"),
    "review_case": N_("Enterprises under review"),
    "review_exclusion": N_("Judges excluded"),
    "review_judge": N_("Judges"),
    "review_mark": N_("Marks of judges"),
    "review_round": N_("Review rounds"),
    "caseload_transfer": N_("Caseloads handed over"),
    "caseload_transfer_plan": N_("Plans handed over"),
    "visiting_round": N_("Visiting rounds"),
    "roster": N_("Approved rosters"),
    "roster_cell": N_("Half days of rosters"),
    "sign_in_session": N_("Sessions"),
    "support_grant": N_("Support granted"),
    "support_measure": N_("Support measures"),
    "tier_rules": N_("Rules of tiers"),
    "action_event": N_("Steps of actions"),
    "assessment_monitoring": N_("Frozen monitoring"),
    "header_mapping": N_("Mapped headers"),
    "import_batch": N_("Imports"),
    "import_undo": N_("Imports undone"),
    "indicator_note": N_("Notes on indicators"),
    "learnt_word": N_("Learnt words"),
    "meeting": N_("Meetings"),
    "meeting_decision": N_("Decisions"),
    "parameter": N_("Parameters"),
    "scenario": N_("What-ifs"),
    "setting": N_("Settings"),
    "store": N_("Whole database"),
    "weekly_export": N_("Documents of weeks"),
    "weekly_snapshot": N_("Frozen weeks"),
    "weight_preset": N_("Sets of weights"),
}
FIELD_NAMES = {
    "active": N_("active"),
    "address": N_("address of the browser"),
    "event": N_("event"),
    "fields": N_("facts"),
    "filters": N_("filters"),
    "frozen_on": N_("frozen on"),
    "high": N_("upper goalpost"),
    "low": N_("lower goalpost"),
    "method": N_("method"),
    "purpose": N_("purpose"),
    "role": N_("role"),
    "action_id": N_("action"),
    "actor": N_("who"),
    "agenda": N_("agenda"),
    "application_id": N_("application"),
    "frozen_by": N_("frozen by"),
    "is_paid": N_("paid, not held back"),
    "list_id": N_("payment list"),
    "month": N_("month of payment"),
    "rule_since": N_("version of the policy"),
    "trace": N_("conditions one by one"),
    "anonymised_on": N_("anonymised on"),
    "at": N_("when"),
    "audit_count": N_("events of the log"),
    "audit_hash": N_("hash of the log"),
    "author": N_("author"),
    "backup": N_("backup"),
    "closing_reason": N_("reason for closing"),
    "consent_withdrawn_on": N_("consent withdrawn on"),
    "decided_on": N_("decided on"),
    "content": N_("content"),
    "counts": N_("counts"),
    "file_name": N_("file"),
    "fingerprint": N_("fingerprint of the headers"),
    "indicator": N_("indicator"),
    "iso_week": N_("week"),
    "item": N_("item"),
    "key": N_("name"),
    "made_at": N_("made at"),
    "made_on": N_("made on"),
    "merge_id": N_("merge"),
    "merged_at": N_("merged at"),
    "merged_on": N_("merged on"),
    "mapping": N_("mapping of columns"),
    "name": N_("name"),
    "old_id": N_("former number"),
    "other_id": N_("other person"),
    "others": N_("former numbers"),
    "owner": N_("owner"),
    "review_on": N_("review on"),
    "reason": N_("reason"),
    "rows": N_("rows"),
    "sha256": N_("seal"),
    "sheet": N_("sheet"),
    "source": N_("source"),
    "subject": N_("subject"),
    "text": N_("text"),
    "undone_at": N_("undone at"),
    "undone_by": N_("undone by"),
    "unit": N_("unit"),
    "value": N_("value"),
    "weights": N_("weights"),
}
"""Fields of tables that no sheet fills."""
EVENT_WORDS = {
    "demonstration": N_("role of the demonstration"),
    "link": N_("one-time link"),
    "openid": N_("unified sign-in"),
    "password": N_("password"),
    "sign_in": N_("signed in"),
    "sign_out": N_("signed out"),
    "unknown_name": N_("unknown user name"),
    "unknown_person": N_("unknown person"),
    "wrong_password": N_("wrong password"),
}
"""Values of ``event`` and ``method``: what happened at the sign-in, and how."""
SHEET = "job_seekers"  # whose headers name the fields that several sheets have
LONGEST = 60  # characters of one value


def action_name(action: str, tr: Translator) -> str:
    """What a command does, in words; its code where no table names it any more."""
    return tr.term(Action.of(action)) if action in set(Action) else action


def entity_name(entity: str, tr: Translator) -> str:
    """What the rows of a table are called; its code where it has no name."""
    mapped = _tables().get(entity)
    name = TABLE_NAMES.get(mapped) if mapped is not None else None
    return tr(name or OTHER_TABLES.get(entity, entity))


def event_table(
    events: Sequence[Mapping[str, Any]], words: Vocabulary, tr: Translator, indicators: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Events, a line each: when, who, what was done, in which row, and each field before → after.

    ``indicators``: code or stored name of an indicator → its name in the language of ``tr``.
    """
    return pd.DataFrame(
        [
            (
                event["id"],
                tr.time(event["at"]),
                event["actor"],
                action_name(event["action"], tr),
                entity_name(event["entity"], tr),
                event["entity_id"],
                ("; " if tr.is_english else "；").join(_changes(event, words, tr, indicators or {})),
            )
            for event in events
        ],
        columns=[tr("No."), tr("When"), tr("Who"), tr("Operation"), tr("Records"), tr("Row"), tr("Before → after")],
    )


def _tables() -> dict[str, type[Base]]:
    return {mapper.class_.__tablename__: mapper.class_ for mapper in Base.registry.mappers}


def _changes(
    event: Mapping[str, Any], words: Vocabulary, tr: Translator, indicators: Mapping[str, str]
) -> Iterator[str]:
    before, after = event["before"] or {}, event["after"] or {}
    table = _tables().get(event["entity"])
    gone = frozenset(event["personal"]["fields"]) if is_erased(event["personal"]) else frozenset()
    for name in sorted({*before, *after} - {"id", "version"}):
        label = _label(table, name, tr) + (": " if tr.is_english else "：")
        if name in gone:
            yield f"{label}{tr('erased')}"
            continue
        old, new = (
            indicators.get(side[name], side[name])
            if name == "indicator" and name in side
            else _text(table, name, side.get(name), words, tr)
            for side in (before, after)
        )
        if event["before"] is None:
            if after.get(name) is not None:
                yield f"{label}{new}"
        elif event["after"] is None:
            if before.get(name) is not None:
                yield f"{label}{old} → —"
        else:
            yield f"{label}{old} → {new}"


def _label(table: type[Base] | None, name: str, tr: Translator) -> str:
    if table is not None:
        try:
            return field_name(SHEET, table, name, tr)
        except KeyError:
            pass
    return tr(FIELD_NAMES.get(name, name.replace("_", " ")))


def _text(table: type[Base] | None, name: str, value: Any, words: Vocabulary, tr: Translator) -> str:
    if value is None:
        return "—"
    if name in ("event", "method") and value in EVENT_WORDS:
        return tr(EVENT_WORDS[value])
    columns = table.__table__.c if isinstance(getattr(table, "__table__", None), Table) and table is not None else None
    if table is None or columns is None or name not in columns:
        return _short(str(value))
    try:
        return _short(value_as_text(table, name, from_json(table, {name: value})[name], words, tr))
    except ValueError:  # a code of an earlier version
        return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
