"""Every cache of the screens, a module a screen: one-line wrappers over core, keyed by the revision of the store.

Frames and models are shared between sessions and never mutated: nothing is copied or hashed by its bytes (``store.cached``).

    from pages import cache
    cache.people.pool(view.revision, view.today)
"""

from pages.cache import (
    audit,
    batch,
    businesses,
    charts,
    data,
    districts,
    effect,
    enterprises,
    events,
    job_map,
    jobs,
    matching,
    meeting,
    openings,
    overview,
    people,
    policies,
    store,
    tasks,
    teams,
    training,
    visiting,
    weekly_sheet,
    workshops,
)

__all__ = [
    "audit",
    "charts",
    "businesses",
    "batch",
    "data",
    "districts",
    "effect",
    "enterprises",
    "events",
    "job_map",
    "jobs",
    "matching",
    "meeting",
    "openings",
    "overview",
    "people",
    "policies",
    "store",
    "tasks",
    "teams",
    "training",
    "visiting",
    "weekly_sheet",
    "workshops",
]
