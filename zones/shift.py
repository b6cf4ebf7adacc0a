"""Shifts of a place as spells of time: which is on at an instant, and which was before it.

A place that declares no shifts hands over with the local day.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from zones.calendar import DAY, instant
from zones.place import Place

ALL_DAY = ""  # the name of the shift of a place that declares none
MOMENT = timedelta(microseconds=1)


class Span(Struct, frozen=True):
    """One shift [began, ended), UTC. `name` as declared, ALL_DAY where none is."""

    name: str
    began: datetime
    ended: datetime


def shift_on(place: Place, at: datetime) -> Span | None:
    """The shift that is on at an instant; None where shifts are declared and none is on then."""
    today = place.day_of(at)
    if not place.shifts:
        return Span(ALL_DAY, place.midnight(today), place.midnight(today + DAY))
    for day in (today, today - DAY):
        for shift in place.shifts:
            began = instant(day, shift.from_, place.zone)
            ended = instant(day if shift.to > shift.from_ else day + DAY, shift.to, place.zone)
            if began <= at < ended:
                return Span(shift.name, began, ended)
    return None


def shift_before(place: Place, at: datetime) -> Span | None:
    """The latest shift that was over by an instant; None where none was within two days."""
    moment = at
    for _ in range(2 * 24 * 4):
        moment -= timedelta(minutes=15)
        span = shift_on(place, moment)
        if span is not None and span.ended <= at:
            return span
    return None
