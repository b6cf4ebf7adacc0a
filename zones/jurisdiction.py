"""The file of a jurisdiction's limits: its law as written and its working days, from text to frozen values, with every mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from zones._declare import Amount, Day, Form, Hours, Moment, Snake, Text, Titles, When, Word, Written, in_utc, nearest, read
from zones.calendar import Calendar
from zones.limits import ALWAYS, Limit
from zones.measure import Measure, Value

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class LimitForm(Form):
    """One limit of a jurisdiction, as written."""

    limit: Snake
    value: Amount
    calendar: str = ""
    count_from: Literal["event", "next_day"] = "event"
    ends: Literal["same_time", "end_of_day"] = "same_time"
    applies: Literal["at_time", "entered_from"] = "at_time"
    clock: str = ""
    valid_from: When
    valid_to: When | None = None
    citation: Text
    citation_status: Literal["confirmed", "unconfirmed"] = "unconfirmed"


class CalendarForm(Form):
    """Working days, as written. Holidays are dates, with or without their name."""

    last_day: Day
    weekend: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = ()
    holidays: tuple[Day, ...] | dict[Day, str] = ()
    also_working: tuple[Day, ...] = ()
    hours: tuple[Hours, ...] = ()
    source: str = ""

    def calendar(self) -> Calendar:
        """As the arithmetic needs it."""
        weekend = frozenset(WEEKDAYS.index(day) for day in self.weekend)
        return Calendar(
            last_day=self.last_day,
            weekend=weekend,
            holidays=frozenset(self.holidays),
            also_working=frozenset(self.also_working),
            hours=tuple(sorted(self.hours)),
        )


class LimitsForm(Form):
    """A file of limits, as written."""

    jurisdiction: Word
    name: Titles | None = None
    calendars: dict[str, CalendarForm] = {}  # noqa: RUF012  (pydantic copies it)
    limits: tuple[LimitForm, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Jurisdiction:
    """Whose law it is: its limits as written and its calendars."""

    id: str
    name: Mapping[str, str]
    calendars: Mapping[str, Calendar]
    written: tuple[LimitForm, ...]

    def limits(self, zone: ZoneInfo) -> tuple[Limit, ...]:
        """The limits as they hold in a time zone: a date alone is the local midnight that begins it."""
        return tuple(
            Limit(
                limit=w.limit,
                value=w.value,
                valid_from=in_utc(w.valid_from, zone) or ALWAYS,
                valid_to=in_utc(w.valid_to, zone),
                calendar=w.calendar,
                count_from=w.count_from,
                ends=w.ends,
                applies=w.applies,
                clock=w.clock,
                citation=w.citation,
                citation_status=w.citation_status,
                by_calendar=self.calendars.get(w.calendar),
            )
            for w in self.written
        )


def parse(file: str, text: str) -> tuple[Jurisdiction | None, Written[LimitsForm]]:
    """Read a file of limits: the jurisdiction, if there is no mistake, and what was written, with its mistakes."""
    written = read(file, text, LimitsForm)
    form = written.form
    if form is None:
        return None, written
    calendars = _calendars(form, written)
    for i, limit in enumerate(form.limits):
        for message in calendar_faults(limit.value, limit.calendar, calendars):
            written.fault(("limits", i, "calendar"), message)
    dated = [(limit.limit, limit.valid_from, limit.valid_to) for limit in form.limits]
    for i, key, message in overlaps(dated, "valid_from", "valid_to"):
        written.fault(("limits", i, key), message)
    jurisdiction = Jurisdiction(id=form.jurisdiction, name=form.name or {"en": form.jurisdiction}, calendars=calendars, written=form.limits)
    return (None if written.faults else jurisdiction), written


def _calendars(form: LimitsForm, written: Written[LimitsForm]) -> dict[str, Calendar]:
    found: dict[str, Calendar] = {}
    for name, calendar in form.calendars.items():
        try:
            found[name] = calendar.calendar()
        except ValueError as error:
            written.fault(("calendars", name), str(error))
    return found


def calendar_faults(value: Value, named: str, calendars: Mapping[str, Calendar]) -> Iterable[str]:
    """What is wrong with counting a value by the calendar of that name."""
    if isinstance(value, Measure):
        if named:
            yield f"{value} is no time: it goes by no calendar"
        return
    if named and named not in calendars:
        yield f"{named!r} is not a calendar of the jurisdiction{nearest(named, calendars)}"
    elif value.unit in ("wd", "wh") and not named:
        yield f"{value} counts working time: name a calendar{nearest('', calendars)}"
    elif value.unit == "wh" and not calendars[named].hours:
        yield f"{value} counts working hours: calendar {named!r} declares no hours"


def overlaps(dated: Sequence[tuple[str, Moment | None, Moment | None]], from_: str, to: str) -> Iterable[tuple[int, str, str]]:
    """Spans of one name that run into each other: (position, field, message). The last of two may follow an earlier without end."""
    for i, (_, since, until) in enumerate(dated):
        if since is not None and until is not None and _rough(until) <= _rough(since):
            yield i, to, f"{until} is not after {from_} {since}"
    order = sorted(range(len(dated)), key=lambda i: (dated[i][0], _rough(dated[i][1])))
    for a, b in pairwise(order):
        (name, since, until), (other, next_since, _) = dated[a], dated[b]
        if name != other:
            continue
        if _rough(since) == _rough(next_since):
            yield b, from_, f"{name} is declared twice from {next_since or 'the beginning'}"
        elif until is not None and _rough(next_since) < _rough(until):
            yield b, from_, f"{name} from {next_since} overlaps the one that runs to {until}"


def _rough(moment: Moment | None) -> datetime:
    """Good for comparing what one file says: dates are compared as if at UTC."""
    return in_utc(moment, ZoneInfo("UTC")) or ALWAYS
