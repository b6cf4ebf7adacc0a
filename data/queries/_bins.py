"""Hours, days and ISO weeks of a place, as stretches of time: cut by its calendar, so that a day may have 23 or 25 hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from data.store.types import UtcDateTime

HOUR, DAY, WEEK = "hour", "day", "week"
KINDS = (HOUR, DAY, WEEK)
SHOWN = {HOUR: 24, DAY: 14, WEEK: 12}  # how many are shown where the reader does not say
MOST = 400


@dataclass(frozen=True, slots=True)
class Bin:
    """One stretch [start, end) in UTC; `day` is the local date it begins on, `hour` the local hour where it is one."""

    start: datetime
    end: datetime
    day: date
    local: datetime

    @property
    def last_day(self) -> date:
        """The local date it ends on, included."""
        return (self.end - timedelta(hours=1)).astimezone(self.local.tzinfo).date()

    @property
    def week(self) -> tuple[int, int]:
        """ISO year and week."""
        year, week, _ = self.day.isocalendar()
        return year, week


def bins(kind: str, zone: ZoneInfo, now: datetime, first: date | None = None, last: date | None = None) -> tuple[list[Bin], list[Bin]]:
    """The bins of the period (first to last local day, both included; else the latest SHOWN up to now), and as many right before it.

    Weeks are whole ISO weeks: those that hold the days asked for. At most 400; where it would be more, the latest.
    """
    today = now.astimezone(zone).date()
    last = min(last or today, today)
    if kind == HOUR:
        return _hours(zone, now, first, last)
    step = 7 if kind == WEEK else 1
    until = _monday(last) + timedelta(days=7) if kind == WEEK else last + timedelta(days=1)
    if first is None or first > last:
        count = SHOWN[kind]
    else:
        count = min(max((until - (_monday(first) if kind == WEEK else first)).days // step, 1), MOST)
    days = [until - timedelta(days=step * n) for n in range(2 * count, -1, -1)]
    cut = [_bin(a, b, zone) for a, b in pairwise(days)]
    return cut[count:], cut[:count]


def _hours(zone: ZoneInfo, now: datetime, first: date | None, last: date) -> tuple[list[Bin], list[Bin]]:
    """Full UTC hours, as they are counted: in a zone of half an hour they begin at half past."""
    today = now.astimezone(zone).date()
    end = _midnight(last + timedelta(days=1), zone)
    if last == today:
        end = min(end, now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1))
    begin = _midnight(first, zone) if first is not None and first <= last else end - timedelta(hours=SHOWN[HOUR])
    begin, end = _floor(begin), _floor(end)
    count = min(max(int((end - begin) / timedelta(hours=1)), 1), MOST)
    starts = [end - timedelta(hours=n) for n in range(2 * count, 0, -1)]
    cut = [Bin(s, s + timedelta(hours=1), s.astimezone(zone).date(), s.astimezone(zone)) for s in starts]
    return cut[count:], cut[:count]


def _bin(first: date, after: date, zone: ZoneInfo) -> Bin:
    return Bin(_floor(_midnight(first, zone)), _floor(_midnight(after, zone)), first, datetime.combine(first, time(), zone))


def shifted(zone: ZoneInfo, at: datetime) -> int:
    """Minutes by which the place's hours are off the counted ones: 30 or 45 in a few zones, else 0."""
    offset = at.astimezone(zone).utcoffset() or timedelta()
    return int(offset.total_seconds() // 60) % 60


def joined(stretches: Iterable[Bin]) -> sa.CTE:
    """The stretches as rows (n, start, until) to be joined with: one question for all of them."""
    kind = UtcDateTime()
    columns = (sa.column("n", sa.Integer), sa.column("start", kind), sa.column("until", kind))
    return sa.values(*columns, name="stretch").data([(n, one.start, one.end) for n, one in enumerate(stretches)]).cte("bins")


def joined_days(stretches: Iterable[Bin]) -> sa.CTE:
    """As `joined`, in local days: rows (n, first, last)."""
    columns = (sa.column("n", sa.Integer), sa.column("first", sa.Date), sa.column("last", sa.Date))
    return sa.values(*columns, name="stretch").data([(n, one.day, one.last_day) for n, one in enumerate(stretches)]).cte("bins")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _floor(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)
