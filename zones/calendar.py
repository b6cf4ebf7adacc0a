"""Durations and the deadlines they give, by the wall clock and the working days of a place.

    30m 36h      minutes and hours as they pass
    5d           calendar days: the same wall time five dates later, never 5 x 24 hours
    3mo 1y       the same day of a later month; where that month has no such day, its last day
    5wd 8wh      working days and working hours of a declared calendar

A local time that occurs twice (clocks set back) is the earlier one; one that does not exist (clocks set forward) is read with the offset
before the jump. Beyond the last declared day of a calendar nobody knows the holidays: the deadline is "not before", never a date.
Deadlines are instants at which the time is used up: what is still there at that instant is over the limit.
"""

from __future__ import annotations

import calendar as _months
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from msgspec import Struct

DAY = timedelta(days=1)
UNITS = {"m": "minutes", "h": "hours", "d": "calendar days", "wd": "working days", "wh": "working hours", "mo": "months", "y": "years"}
_LONGEST = {"m": 52_560_000, "h": 876_000, "d": 36_500, "wd": 26_000, "wh": 200_000, "mo": 1_200, "y": 100}
_WRITTEN = re.compile(r"([0-9]{1,9})(wd|wh|mo|[mhdy])")


_LEAST = {
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "wh": timedelta(hours=1),
    "d": timedelta(days=1),
    "wd": timedelta(days=1),
    "mo": timedelta(days=28),
    "y": timedelta(days=365),
}
_MOST = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "mo": timedelta(days=31), "y": timedelta(days=366)}


@dataclass(frozen=True, slots=True)
class Duration:
    """So many of a unit (see UNITS). Written `36h`; at most a hundred years."""

    n: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"not a unit of time: {self.unit!r}; known: {', '.join(UNITS)}")
        if not 0 <= self.n <= _LONGEST[self.unit]:
            raise ValueError(f"{self.n}{self.unit} is not between 0 and {_LONGEST[self.unit]}{self.unit}")

    def __str__(self) -> str:
        return f"{self.n}{self.unit}"

    @property
    def at_least(self) -> timedelta:
        """No less time than this goes by before it is used up, whatever the calendar, the zone and the day it begins."""
        return self.n * _LEAST[self.unit] - (timedelta() if self.unit in ("m", "h", "wh") else timedelta(days=1))

    @property
    def at_most(self) -> timedelta | None:
        """No more time than this lies between an instant and the one that is so much earlier; None for working time."""
        most = _MOST.get(self.unit)
        return None if most is None else self.n * most + timedelta(days=1)

    @classmethod
    def parse(cls, text: str) -> Duration:
        """Read `30m 36h 5d 5wd 8wh 3mo 1y`. Errors: ValueError."""
        written = _WRITTEN.fullmatch(text.strip())
        if not written:
            raise ValueError(f"not a duration: {text!r}; write 30m, 36h, 5d, 5wd, 8wh, 3mo or 1y")
        return cls(int(written[1]), written[2])

    def elapsed(self) -> timedelta:
        """As a stretch of time without a calendar, where a day is 24 hours: how often to ask, how long a road takes. m, h and d only."""
        if self.unit not in ("m", "h", "d"):
            raise ValueError(f"{self} has no fixed length; write minutes, hours or days")
        return timedelta(minutes=self.n) if self.unit == "m" else timedelta(hours=self.n) if self.unit == "h" else timedelta(days=self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Which days and hours are worked. Weekdays count from Monday = 0.

    `hours`: spells of local time on a working day; an end of 00:00 is the end of the day. `last_day`: the last day for which holidays are
    declared. `also_working`: days worked although they fall on a weekend. Errors: ValueError if no weekday is worked.
    """

    last_day: date
    weekend: frozenset[int] = frozenset()
    holidays: frozenset[date] = frozenset()
    also_working: frozenset[date] = frozenset()
    hours: tuple[tuple[time, time], ...] = ()

    def __post_init__(self) -> None:
        if self.weekend >= frozenset(range(7)):
            raise ValueError("a calendar without a working weekday")

    def works_on(self, day: date) -> bool:
        """Whether the day is worked. Beyond `last_day`: whether it might be, so that "not before" is never too late."""
        if day > self.last_day:
            return bool(self.also_working) or day.weekday() not in self.weekend
        return day in self.also_working or (day.weekday() not in self.weekend and day not in self.holidays)

    def working_days(self, after: date) -> Iterator[date]:
        """The days worked after `after`, without end."""
        day = after
        while True:
            day += DAY
            if self.works_on(day):
                yield day

    def worked_before(self, day: date) -> date:
        """The last day worked before `day`."""
        day -= DAY
        while not self.works_on(day):
            day -= DAY
        return day


class Deadline(Struct, frozen=True, gc=False):
    """When the time is used up (UTC). Not `exact`: it passes the last declared day of its calendar, so it is "not before" `at`."""

    at: datetime
    exact: bool = True


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The UTC instant of a wall time: the earlier of two, and with the offset before the jump where there is none."""
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The UTC instant at which a local day begins."""
    return instant(day, time(), zone)


def day_of(moment: datetime, zone: ZoneInfo) -> date:
    """The local date of an instant."""
    return moment.astimezone(zone).date()


def shifted(day: date, months: int) -> tuple[date, bool]:
    """The same day so many months on (or back), and whether that month lacks it (then it is its last day)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = _months.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last)), day.day > last


def after(
    start: datetime,
    duration: Duration,
    zone: ZoneInfo,
    calendar: Calendar | None = None,
    count_from: str = "event",
    ends: str = "same_time",
) -> Deadline:
    """When `duration` from `start` is used up.

    count_from "event": counting starts with the event. "next_day": it starts at the next local midnight, so that five days are the five
    whole days that follow the day of the event, and end with the fifth. `ends` "same_time": at the wall time of the event. "end_of_day":
    when the local day in which that falls is over: at the midnight that follows. What is counted from midnight ends at one either way.
    Errors: ValueError for working days without a calendar, working hours without declared hours.
    """
    if duration.unit in ("wd", "wh") and calendar is None:
        raise ValueError(f"{duration} needs a calendar")
    if duration.unit in ("m", "h", "wh"):
        return _by_the_clock(start, duration, zone, calendar, count_from, ends)
    local = start.astimezone(zone)
    last, exact = _last_day(local.date(), duration, calendar, count_from)
    if count_from == "event" and ends == "same_time":
        return Deadline(start if duration.n == 0 else instant(last, local.time(), zone), exact)
    return Deadline(midnight(last + DAY, zone), exact)


def before(moment: datetime, duration: Duration, zone: ZoneInfo, calendar: Calendar | None = None) -> datetime:
    """The instant `duration` earlier, by the same wall clock. Errors: ValueError for working time without a calendar or its hours."""
    if duration.unit in ("m", "h"):
        return moment - duration.elapsed()
    local = moment.astimezone(zone)
    if duration.unit in ("wd", "wh"):
        if calendar is None or (duration.unit == "wh" and not calendar.hours):
            raise ValueError(f"{duration} cannot be counted back without a calendar and its hours")
        return _worked_before(moment, duration, zone, calendar)
    day = local.date() - duration.n * DAY if duration.unit == "d" else shifted(local.date(), -_in_months(duration))[0]
    return instant(day, local.time(), zone)


def _worked_before(moment: datetime, duration: Duration, zone: ZoneInfo, calendar: Calendar) -> datetime:
    day, left = day_of(moment, zone), timedelta(hours=duration.n)
    if duration.unit == "wd":
        for _ in range(duration.n):
            day = calendar.worked_before(day)
        return instant(day, moment.astimezone(zone).time(), zone)
    while True:
        for opens, closes in reversed(calendar.hours) if calendar.works_on(day) else ():
            since = instant(day, opens, zone)
            until = min(instant(day, closes, zone) if closes != time() else midnight(day + DAY, zone), moment)
            if until - since >= left:
                return until - left
            left -= max(until - since, timedelta(0))
        day -= DAY


def _in_months(duration: Duration) -> int:
    return duration.n * (12 if duration.unit == "y" else 1)


def _last_day(day: date, duration: Duration, calendar: Calendar | None, count_from: str) -> tuple[date, bool]:
    """The last day that is counted, and whether it is certain."""
    if duration.unit == "d":
        return day + duration.n * DAY, True
    if duration.unit == "wd":
        assert calendar is not None  # noqa: S101  (`after` has looked)
        last = next(islice(calendar.working_days(day), duration.n - 1, None)) if duration.n else day
        return last, last <= calendar.last_day
    if count_from == "event" or duration.n == 0:
        return shifted(day, _in_months(duration))[0], True
    # Counted from the next day on, a month from 1 March runs through 31 March; one from 31 January runs through the end of February.
    last, missing = shifted(day + DAY, _in_months(duration))
    return (last if missing else last - DAY), True


def _by_the_clock(start: datetime, duration: Duration, zone: ZoneInfo, calendar: Calendar | None, count_from: str, ends: str) -> Deadline:
    begin = start.astimezone(UTC) if count_from == "event" else midnight(day_of(start, zone) + DAY, zone)
    if duration.unit == "wh":
        assert calendar is not None  # noqa: S101  (`after` has looked)
        found = _after_working_hours(begin, timedelta(hours=duration.n), zone, calendar)
    else:
        found = Deadline(begin + duration.elapsed())
    if ends == "same_time" or (count_from == "next_day" and found.at == midnight(day_of(found.at, zone), zone)):
        return found
    return Deadline(midnight(day_of(found.at, zone) + DAY, zone), found.exact)


def _after_working_hours(begin: datetime, left: timedelta, zone: ZoneInfo, calendar: Calendar) -> Deadline:
    if not calendar.hours:
        raise ValueError("working hours need a calendar that declares its hours")
    first = day_of(begin, zone)
    if not left:
        return Deadline(begin, first <= calendar.last_day)
    for day in calendar.working_days(first - DAY):
        for opens, closes in calendar.hours:
            since = max(instant(day, opens, zone), begin)
            until = instant(day, closes, zone) if closes != time() else midnight(day + DAY, zone)
            if until - since >= left:
                return Deadline(since + left, day <= calendar.last_day)
            left -= max(until - since, timedelta(0))
    raise AssertionError("working days have no end")
