"""Reads of named intents."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Connection, select

from core.store.frames import frame
from core.store.schema import Employer, Event, EventIntent, Job, Referral

__all__ = ["intents"]


def intents(connection: Connection) -> pd.DataFrame:
    """One row an intent: id, event_id, held_on, person_id, employer_id, employer, job_id, title, referral_id, state (of the
    referral)."""
    t = EventIntent
    return frame(
        connection,
        select(
            t.id,
            t.event_id,
            Event.held_on,
            t.person_id,
            t.employer_id,
            Employer.name.label("employer"),
            t.job_id,
            Job.title,
            t.referral_id,
            Referral.state,
        )
        .join(Event, Event.id == t.event_id)
        .join(Employer, Employer.id == t.employer_id)
        .outerjoin(Job, Job.id == t.job_id)
        .outerjoin(Referral, Referral.id == t.referral_id)
        .order_by(t.event_id, t.id),
    )
