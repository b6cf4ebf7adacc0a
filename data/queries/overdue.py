"""Which open alerts are past the time that their place allows to acknowledge or to decide. One condition, asked by the queue alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from data.store import tables as t
from zones.work import UNDER_WAY

NOT_SEEN = ("new", "reopened")  # nobody has acknowledged it
NOT_DECIDED = ("new", *(state for state in UNDER_WAY if state != "confirmed"))


def overdue(world: Any, now: datetime) -> sa.ColumnElement[bool]:
    """The condition, on alert joined with alert_work: older than `response` of its place allows for its severity.

    `place.response` maps a severity to its times with `acknowledge` and `decide` (timedelta, or None: no such time). A place that
    declares none has nothing overdue.
    """
    a, w = t.alert.c, t.alert_work.c
    late: list[sa.ColumnElement[bool]] = []
    for place in world.places.values():
        for severity, times in (getattr(place, "response", None) or {}).items():
            for span, states in ((times.acknowledge, NOT_SEEN), (times.decide, NOT_DECIDED)):
                if span is not None:
                    own = (a.place == place.id, a.severity == severity)
                    late.append(sa.and_(*own, w.work.in_(states), a.known_at < now - span))
    return sa.or_(sa.false(), *late)
