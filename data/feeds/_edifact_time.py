"""Times as EDIFACT writes them: a text and a format code (element 2379) -> an instant.

The digits are believed, the format code is not: real messages carry `20180525` under 203 (a date and a time). Where they disagree
the reading is flagged. Times without zone are local times of the place. Periods (711 to 719) are no instants.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple

from data.feeds._when import to_utc

PERIODS = frozenset({"711", "713", "715", "716", "717", "718", "719", "720"})
_DIGITS = {"101": 6, "102": 8, "201": 10, "202": 12, "203": 12, "204": 14, "205": 12, "208": 14, "303": 12, "304": 14}
_SHAPE = re.compile(r"([0-9]{6}|[0-9]{8}|[0-9]{10}|[0-9]{12}|[0-9]{14})(?: ?(Z|[A-Z]{2,5}|[+-][0-9]{2}(?::?[0-9]{2})?))?", re.ASCII)
_DASHED = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]([0-9]{2}):?([0-9]{2})(?::?([0-9]{2}))?)?(?![0-9])", re.ASCII)
_FURTHEST = timedelta(hours=15)


class Stamp(NamedTuple):
    """A time as read: aware UTC; second, minute or day; message, options or place; a key of REASONS if something is odd, else ""."""

    at: datetime
    precision: str
    zone_from: str
    odd: str


@lru_cache(maxsize=4096)
def stamp(text: str, form: str, zone: tzinfo, zone_from: str) -> Stamp | None:
    """The instant, or None if this is no time. `zone` is that of times without one, `zone_from` where it was declared."""
    plain = _DASHED.sub(lambda m: "".join(part or "" for part in m.groups()), text.strip().upper(), count=1)
    match = _SHAPE.fullmatch(plain)
    if match is None:
        return None
    digits, named = match.groups()
    odd = "" if len(digits) == _DIGITS.get(form) and plain == text else "time_format"
    if named:
        found = _named(named, zone, digits)
        if found is None:
            return None
        known, other = found
        zone, zone_from, odd = (other, "message", odd) if known else (zone, zone_from, "unknown_zone")
    wall = _wall(digits, form)
    if wall is None:
        return None
    naive, precision, rolled = wall
    try:
        at = to_utc(naive, zone)
    except ValueError:
        return None
    return Stamp(at, precision, zone_from, odd or ("time_format" if rolled else "")) if 1900 <= at.year < 2200 else None


def _named(name: str, zone: tzinfo, digits: str) -> tuple[bool, tzinfo] | None:
    """The zone that stands in the text: (known, zone); None for an offset that no place has."""
    if name in ("Z", "UTC", "GMT"):
        return True, UTC
    if name[0] in "+-":
        ahead = timedelta(hours=int(name[1:3]), minutes=int(name[3:].lstrip(":") or 0))
        return (True, timezone(-ahead if name[0] == "-" else ahead)) if ahead < _FURTHEST else None
    # A name such as CST means several zones: it is understood only where it is the place's own for that very time.
    wall = _wall(digits, "")
    return wall is not None and wall[0].replace(tzinfo=zone).tzname() == name, zone


def _wall(digits: str, form: str) -> tuple[datetime, str, bool] | None:
    """The wall time of the digits: (naive, precision, whether 24:00 was written)."""
    if len(digits) == 12 and form == "202":
        return _built(_century(digits), "second") or _built(digits, "minute")
    if len(digits) == 12:
        return _built(digits, "minute") or (_built(_century(digits), "second") if form == "201" else None)
    if len(digits) in (6, 10):
        digits = _century(digits)
    return _built(digits, {8: "day", 12: "minute", 14: "second"}[len(digits)])


def _century(digits: str) -> str:
    return ("20" if digits[:2] < "69" else "19") + digits  # POSIX pivot, as for CSV


def _built(digits: str, precision: str) -> tuple[datetime, str, bool] | None:
    hour, rest = int(digits[8:10] or 0), digits[10:]
    rolled = hour == 24 and not int(rest or 0)
    try:
        naive = datetime(  # noqa: DTZ001 - the caller gives it its zone
            int(digits[:4]), int(digits[4:6]), int(digits[6:8]), 0 if rolled else hour, int(digits[10:12] or 0), int(digits[12:14] or 0)
        )
        return naive + timedelta(days=rolled), precision, rolled
    except (ValueError, OverflowError):
        return None
