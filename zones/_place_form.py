"""What may be written in place.yaml and in the properties of areas.geojson."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator

from zones._declare import Amount, Elapsed, Form, Hour, Hours, Instant, Snake, Span, Text, Titles, When, Word, nearest
from zones._goods_form import OperatorForm
from zones.calendar import Duration
from zones.measure import Measure
from zones.required import ApartForm, SealsForm
from zones.signal import microdegrees
from zones.visit import LONGEST, SLOW

HORIZON = Duration(400, "d")

Kind = Literal["seaport", "free_zone", "bonded_warehouse", "dry_port", "border_gate"]
AreaKind = Literal["boundary", "terminal", "block", "berth", "gate", "warehouse", "inspection"]
SpeaksFor = Literal["gate", "quay", "yard", "customs", "plans", "devices", "ledger"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_CRON = (("minute", 0, 59, ()), ("hour", 0, 23, ()), ("day", 1, 31, ()), ("month", 1, 12, _MONTHS), ("weekday", 0, 7, _DAYS))


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(str(value)).key
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{value!r} is not a time zone of the IANA database{nearest(str(value), available_timezones())[:80]}") from None


def _code(value: Any) -> str:
    text = str(value).strip().upper()
    if not text or re.search(r"\s", text):
        raise ValueError(f"{value!r} is not a code: LOCODE or LOCODE:TERMINAL, no blanks")
    return text


def _locode(value: Any) -> str:
    text = str(value).replace(" ", "").upper()
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}", text):
        raise ValueError(f"{value!r} is not a UN/LOCODE: two letters of the country, three of the place")
    return text


def _source(value: Any) -> str:
    text = str(value).strip()
    scheme, told, rest = text.partition("://")
    if told:
        if not re.fullmatch(r"[a-z][a-z0-9+.-]*(::[a-z][a-z0-9+.-]*)*", scheme) or not rest:
            raise ValueError(f"{text!r} is not a URL")
        if re.match(r"[^/]*:[^/]*@", rest):
            raise ValueError("no password in a source: set ZONEWATCH_FEED_<ID>_USER and _PASSWORD")
    elif not re.search(r"[/\\]", text) or re.match(r"[a-z]{2,}:", text):
        raise ValueError(f"{text!r} is neither a URL (file:///srv/in/*.edi) nor a path")
    return text


def _cron(value: Any) -> str:
    """Five fields; weekdays come out as names, since 0 is Sunday for some programs and Monday for others."""
    fields = str(value).lower().split()
    if len(fields) != len(_CRON):
        raise ValueError(f"{value!r} is not a cron line: minute hour day month weekday")
    for text, (name, low, high, names) in zip(fields, _CRON, strict=True):
        for part in text.split(","):
            _cron_numbers(part, name, low, high, names)
    if fields[4] != "*":
        named = {n % 7 for part in fields[4].split(",") for n in _cron_numbers(part, *_CRON[4])}
        fields[4] = ",".join(_DAYS[n] for n in sorted(named))
    return " ".join(fields)


def _cron_numbers(part: str, name: str, low: int, high: int, names: tuple[str, ...]) -> range:
    written = re.fullmatch(r"(?:\*|([a-z]{3}|[0-9]{1,2})(?:-([a-z]{3}|[0-9]{1,2}))?)(?:/([0-9]{1,2}))?", part)
    if not written or (written[3] and int(written[3]) == 0):
        raise ValueError(f"cron: {part!r} is not a {name}")

    def number(text: str | None, default: int) -> int:
        if text is None:
            return default
        n = names.index(text) + (1 if names is _MONTHS else 0) if text in names else int(text) if text.isdigit() else -1
        if not low <= n <= high:
            raise ValueError(f"cron: {text!r} is not a {name}, {low} to {high}")
        return n

    first = number(written[1], low)
    last = number(written[2], first if written[1] and not written[3] else (6 if names is _DAYS else high))
    if names is _DAYS and last < first:
        last += 7  # fri-mon
    if last < first:
        raise ValueError(f"cron: {part!r} runs backwards")
    return range(first, last + 1, int(written[3] or 1))


def _counted_back(duration: Duration) -> Duration:
    if duration.unit in ("wd", "wh"):
        raise ValueError(f"{duration} cannot be counted back: no working time here")
    return duration


def _degrees(value: Any, most: int) -> int:
    found = microdegrees(str(value), most) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    if found is None:
        raise ValueError(f"{value!r} is no {'latitude' if most == 90 else 'longitude'}: decimal degrees, -{most} to {most}")
    return found


def _metres(value: Any) -> int:
    try:
        far = Measure.parse(str(value))
    except ValueError:
        far = Measure(0, "metres")
    if far.unit not in ("metres", "km") or not far.hundredths:
        raise ValueError(f"{value!r} is no distance: write 300 metres or 1.5 km")
    return int(far.exact * (1000 if far.unit == "km" else 1))


def _codes(value: Any) -> Any:
    return re.split(r"[\s,;]+", value.strip()) if isinstance(value, str) and value.strip() else value or ()


Code = Annotated[str, PlainValidator(_code)]
Codes = Annotated[tuple[Code, ...], BeforeValidator(_codes)]
Count = Annotated[int, Field(ge=0, strict=True)]


class SourcedForm(Form):
    """A number and who says so; with `from` and `to` where it changes."""

    value: Count
    source: Text
    from_: When | None = Field(None, alias="from")
    to: When | None = None


class SameMovementForm(Form):
    """How close reports of one event must be to tell of the same movement."""

    gate: Elapsed = timedelta(hours=2)
    quay: Elapsed = timedelta(hours=12)


class VehicleVisitsForm(Form):
    """From which turn time on a gate is called slow; how long a vehicle of which no exit is told is taken to be inside."""

    slow: Elapsed = SLOW
    longest: Elapsed = LONGEST


class PointForm(Form):
    """A position in decimal degrees, as exact as it is written."""

    lat: Annotated[int, PlainValidator(partial(_degrees, most=90))]
    lon: Annotated[int, PlainValidator(partial(_degrees, most=180))]


class StopForm(PointForm):
    """Where a stop on the way is in order: within so far of a position."""

    name: Text
    radius: Annotated[int, PlainValidator(_metres)]


class TravelForm(Form):
    """The shortest time from here to another place; the line that the way there follows, and where a stop on it is in order."""

    to: Word
    at_least: Elapsed
    corridor: tuple[PointForm, ...] = ()
    stops: tuple[StopForm, ...] = ()


class ShiftForm(Form):
    """A shift in local time; it may run over midnight."""

    name: Text
    from_: Hour = Field(alias="from")
    to: Hour


class TimesForm(Form):
    """Within which time an alert is to be acknowledged and decided. Without one of them nothing is asked."""

    acknowledge: Elapsed | None = None
    decide: Elapsed | None = None


class ResponseForm(Form):
    """How fast alerts are to be answered, by severity. A severity that is not here has no clock."""

    act_now: TimesForm | None = None
    today: TimesForm | None = None
    queue: TimesForm | None = None


class PhoneForm(Form):
    """A number that is called when nobody on duty has answered."""

    name: Text
    number: Text


class ClosureForm(Form):
    """A named spell in which the place is closed; without `to`, until further notice."""

    name: Text
    from_: When = Field(alias="from")
    to: When | None = None


class ExpectForm(Form):
    """How long a feed may be silent, at all hours or within some hours of the local day."""

    within: Elapsed
    hours: Hours | None = None


class FeedForm(Form):
    """One feed."""

    id: Word
    format: Word
    publisher: Text
    speaks_for: tuple[SpeaksFor, ...] | None = None
    source: Annotated[str, PlainValidator(_source)]
    every: Elapsed | None = None
    cron: Annotated[str, PlainValidator(_cron)] | None = None
    expect: tuple[ExpectForm, ...] = ()
    options: dict[str, Any] = {}  # noqa: RUF012  (pydantic copies it)
    fetch: dict[str, Any] = {}  # noqa: RUF012
    from_: When | None = Field(None, alias="from")
    to: When | None = None


class PlaceLimitForm(Form):
    """A limit that the place sets itself."""

    limit: Snake
    value: Amount
    from_: When | None = Field(None, alias="from")
    to: When | None = None
    reason: str = ""
    calendar: str = ""
    count_from: Literal["event", "next_day"] = "event"
    ends: Literal["same_time", "end_of_day"] = "same_time"
    applies: Literal["at_time", "entered_from"] = "at_time"


class RuleOffForm(Form):
    """A rule that is switched off here, and why."""

    rule: Snake
    reason: Text
    from_: When | None = Field(None, alias="from")
    to: When | None = None


class PlaceForm(Form):
    """place.yaml."""

    id: Word
    name: Titles
    kind: Kind
    unlocode: Annotated[str, PlainValidator(_locode)] | None = None
    timezone: Annotated[str, PlainValidator(_zone)]
    jurisdiction: Word
    capacity_teu: SourcedForm | None = None
    codes: Codes | None = None
    areas: Text
    supervised_from: Instant
    same_movement: SameMovementForm = SameMovementForm()
    vehicle_visits: VehicleVisitsForm = VehicleVisitsForm()
    horizon: Annotated[Span, AfterValidator(_counted_back)] = HORIZON
    travel: tuple[TravelForm, ...] = ()
    shifts: tuple[ShiftForm, ...] = ()
    contacts: dict[str, str] = {}  # noqa: RUF012  (pydantic copies it)
    response: ResponseForm = ResponseForm()
    phones: tuple[PhoneForm, ...] = ()
    closures: tuple[ClosureForm, ...] = ()
    feeds: tuple[FeedForm, ...]
    limits: tuple[PlaceLimitForm, ...] = ()
    rules_off: tuple[RuleOffForm, ...] = ()
    seals: SealsForm | None = None
    segregation: tuple[ApartForm, ...] = ()
    operators: tuple[OperatorForm, ...] = ()


class AreaForm(Form):
    """The properties of one area. `accuracy` not given is schematic: nothing passes for surveyed that does not say so."""

    id: Word
    kind: AreaKind
    parent: str = ""
    name: Titles | None = None
    capacity_teu: Count | None = None
    codes: Codes = ()
    accuracy: Literal["surveyed", "schematic"] = "schematic"
    source: str = ""
    note: str = ""
