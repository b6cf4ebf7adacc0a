"""When an event happened: eventTime is an instant, eventTimeZoneOffset the zone in force there. Where they disagree, eventTime counts.

An eventTime without an offset of its own has that of the other field; without either it is a local time of the feed's zone. Each case is
said.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from data.feeds._dcsa_take import Bad, Taker
from data.feeds._lines import excerpt
from data.feeds._when import Moment, Times

_OFFSET = re.compile(r"([+-])([01][0-9]):?([0-5][0-9])")
_OWN = re.compile(r"([+-][0-9]{2}):?([0-9]{2})$")
_FINE = re.compile(r"([:.,][0-9]{2}[.,][0-9]{6})[0-9]+")  # more than a microsecond

REASONS: dict[str, str] = {
    "no_event_time": "The event does not say when it happened.",
    "no_offset": "The event does not give the offset of its time zone ({detail}).",
    "offset_disagrees": "The time and the offset given beside it disagree; the time counts: {detail}.",
    "offset_beside": "The time has no offset of its own; the one given beside it was used: {detail}.",
}


def when(taker: Taker, clock: Times, why: list[str]) -> tuple[Moment, str]:
    """The instant of an event and how it was written. Raises Bad."""
    text, offset = taker.text("eventTime"), taker.text("eventTimeZoneOffset")
    if not text:
        raise Bad("no_event_time", "")
    beside = _offset(offset)
    moment = clock.read(fine(text))
    if moment is None:
        raise Bad("bad_time", f"eventTime {excerpt(text)!r} is not a time")
    own = _OWN.search(text) if moment.zone_from == "message" else None
    if beside is None:
        why.append(f"no_offset: {excerpt(offset) or 'nothing'}")
    elif moment.zone_from != "message":
        moment = _shifted(moment, beside, clock) or moment
        why.append(f"offset_beside: {offset}")
    elif own and _offset(f"{own[1]}:{own[2]}") != beside:
        why.append(f"offset_disagrees: {own[1]}:{own[2]}, {offset}")
    return moment, f"{text} ({offset})" if offset else text


def instant(text: str, clock: Times) -> datetime | None:
    """Another time of an event, or None."""
    moment = clock.read(fine(text))
    return moment.at if moment else None


def fine(text: str) -> str:
    """A time with no more than microseconds, which is what is kept."""
    return _FINE.sub(r"\1", text)


def _offset(text: str) -> timedelta | None:
    if text == "Z":
        return timedelta()
    told = _OFFSET.fullmatch(text)
    if told is None or (ahead := timedelta(hours=int(told[2]), minutes=int(told[3]))) > timedelta(hours=14):
        return None
    return -ahead if told[1] == "-" else ahead


def _shifted(moment: Moment, beside: timedelta, clock: Times) -> Moment | None:
    """A local time, as one of that offset."""
    try:
        local = moment.at.astimezone(clock.zone).replace(tzinfo=timezone(beside))
        return Moment(local.astimezone(UTC), moment.precision, "message")
    except (ValueError, OverflowError):
        return None
