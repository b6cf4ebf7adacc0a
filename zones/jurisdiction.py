"""The file of a jurisdiction's limits: its law as written and its working days, from text to frozen values, with every mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from zones._declare import Amount, Day, Form, Hours, Snake, Text, Titles, When, Word, Written, in_utc, nearest, read
from zones._goods_form import HsForm, StatusForm, WatchForm, declared_goods, goods_faults, listed_codes
from zones._place_form import Kind
from zones._spans import overlaps
from zones.calendar import Calendar
from zones.goods import NOTHING, Goods
from zones.hs import HsList
from zones.limits import ALWAYS, Limit
from zones.measure import Measure, Value

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class LimitForm(Form):
    """One limit of a jurisdiction, as written."""

    limit: Snake
    value: Amount
    kinds: tuple[Kind, ...] = ()
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
    statuses: tuple[StatusForm, ...] = ()
    watch: tuple[WatchForm, ...] = ()
    hs: HsForm | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Jurisdiction:
    """Whose law it is: its limits as written, its calendars, what it says of goods, and the list of HS codes beside it."""

    id: str
    name: Mapping[str, str]
    calendars: Mapping[str, Calendar]
    written: tuple[LimitForm, ...]
    goods: Goods = NOTHING
    hs: HsList | None = None

    def limits(self, zone: ZoneInfo, kind: str = "") -> tuple[Limit, ...]:
        """The limits as they hold in a time zone: a date alone is the local midnight that begins it. Those for a kind of place; "": all."""
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
            if not kind or not w.kinds or kind in w.kinds
        )


def parse(file: str, text: str, beside: Mapping[str, str | None] | None = None) -> tuple[Jurisdiction | None, Written[LimitsForm]]:
    """Read a file of limits: the jurisdiction, if there is no mistake, and what was written, with its mistakes. `beside`: the lists that
    lie beside it, by name."""
    written = read(file, text, LimitsForm)
    form = written.form
    if form is None:
        return None, written
    calendars = _calendars(form, written)
    for i, limit in enumerate(form.limits):
        for message in calendar_faults(limit.value, limit.calendar, calendars):
            written.fault(("limits", i, "calendar"), message)
    for i, key, message in _overlaps(form.limits):
        written.fault(("limits", i, key), message)
    for path, message in goods_faults(form.statuses, form.watch):
        written.fault(path, message)
    jurisdiction = Jurisdiction(
        id=form.jurisdiction,
        name=form.name or {"en": form.jurisdiction},
        calendars=calendars,
        written=form.limits,
        goods=declared_goods(form.statuses, form.watch),
        hs=listed_codes(written, form.hs, beside or {}) if form.hs else None,
    )
    return (None if written.faults else jurisdiction), written


def _overlaps(limits: tuple[LimitForm, ...]) -> list[tuple[int, str, str]]:
    """Versions of one limit that run into each other at any kind of place, each told once."""
    told: dict[tuple[int, str, str], None] = {}
    for kind in get_args(Kind):
        here = [i for i, limit in enumerate(limits) if not limit.kinds or kind in limit.kinds]
        dated = [(limits[i].limit, limits[i].valid_from, limits[i].valid_to) for i in here]
        told |= {(here[n], key, message): None for n, key, message in overlaps(dated, "valid_from", "valid_to")}
    return list(told)


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
