"""When a source of the demo falls silent: every fourth day one of them, by daylight; it tells afterwards what it kept back."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Protocol

DAY = timedelta(days=1)
# feed -> (hours after the local midnight of Demo Port at which it falls silent, for how many hours)
SILENT = {
    "dt1-gate": (8.6, 5.0),
    "customs": (9.4, 6.0),
    "zone-gate": (7.5, 8.5),
    "carrier": (6.0, 11.0),
    "dt2-gate": (9.0, 5.5),
    "quarantine": (5.0, 11.5),
    "warehouse-gate": (5.0, 12.5),
    "second-gate": (5.0, 9.0),
}
LATER = ("carrier", "warehouse-gate", "second-gate", "zone-gate")  # after the ending, what new alerts lean on is always heard


class Told(Protocol):
    """What is needed of a plan."""

    seed: int
    origin: datetime
    ending: datetime


def window(plan: Told, day: int) -> tuple[str, datetime, datetime] | None:
    """(feed, from, until) of the silence planted on a day; None on most days."""
    if day < 0 or day % 4 != 2:
        return None
    turn = day // 4
    feeds = tuple(SILENT)
    if plan.origin + (day + 2) * DAY > plan.ending:
        feeds = LATER
    feed = feeds[turn % len(feeds)]
    after, lasts = SILENT[feed]
    began = plan.origin + day * DAY + timedelta(hours=after, minutes=Random(f"{plan.seed}/silence/{day}").randrange(-15, 16))
    return feed, began, began + timedelta(hours=lasts)


def silence(plan: Told, feed: str, at: datetime) -> tuple[datetime, datetime] | None:
    """The planted silence of the feed that covers the instant."""
    for day in ((at - plan.origin) // DAY, (at - plan.origin) // DAY - 1):
        found = window(plan, day)
        if found and found[0] == feed and found[1] - timedelta(minutes=40) <= at < found[2]:
            return found[1], found[2]
    return None
