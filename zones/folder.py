"""The folder of a place: from the texts of place.yaml and areas.geojson to a Place, or to all that is wrong with them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC
from itertools import pairwise
from types import MappingProxyType
from zoneinfo import ZoneInfo

from zones import _geometry
from zones._declare import BadDeclaration, BadDeclarations, Form, Path, Written, in_utc, nearest, read
from zones._geometry import Shape
from zones._goods_form import operator, operator_faults
from zones._place_form import AreaForm, FeedForm, PlaceForm, PlaceLimitForm, TravelForm
from zones._spans import overlaps
from zones.episode import SEVERITIES
from zones.limits import ALWAYS, Limit
from zones.place import Area, Closure, Expect, Feed, Options, Phone, Place, Shift, Sourced, Travel
from zones.required import faults, required
from zones.response import Times
from zones.rules import rules
from zones.switch import Off
from zones.way import MOST_APART, Stop, Way, metres


@dataclass(frozen=True, slots=True)
class Folder:
    """The texts of one place: file name -> text. Of two places with one id that of the higher layer counts."""

    path: str
    files: Mapping[str, str]
    layer: int = 0


@dataclass(slots=True)
class Parsed:
    """What came of a folder: the form and the areas as far as they could be read, every mistake, and the place if there is none."""

    folder: Folder
    written: Written[PlaceForm]
    shapes: Written[Form] | None = None
    areas: list[tuple[AreaForm, Shape, Path]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """The id as written, even where the rest is wrong; else the path."""
        said = self.written.data.get("id") if isinstance(self.written.data, dict) else None
        return str(said) if said is not None else self.folder.path

    @property
    def layer(self) -> int:
        """The layer of the folder."""
        return self.folder.layer

    @property
    def file(self) -> str:
        """The path of place.yaml, for messages."""
        return self.written.file

    @property
    def faults(self) -> list[BadDeclaration]:
        """All mistakes of the folder."""
        return self.written.faults + (self.shapes.faults if self.shapes else [])

    def place(self, speaks_for: Mapping[str, frozenset[str]] | None = None) -> Place:
        """The place. `speaks_for`: kinds by format, for feeds that do not say. Only when nothing is wrong."""
        form = self.written.form
        if form is None or self.faults:
            raise BadDeclarations(self.faults)
        return _place(form, self.areas, speaks_for or {})


def parse(folder: Folder) -> Parsed:
    """Read the texts of one place. Never raises: see `faults`."""
    main = f"{folder.path}/place.yaml"
    text = folder.files.get("place.yaml")
    if text is None:
        missing: Written[PlaceForm] = Written(main, "")
        missing.faults.append(BadDeclaration(main, 0, "", "there is no place.yaml"))
        return Parsed(folder, missing)
    parsed = Parsed(folder, read(main, text, PlaceForm))
    form = parsed.written.form
    if form is not None:
        _look_closer(form, parsed.written)
    data = parsed.written.data
    named = data.get("areas") if isinstance(data, dict) else None
    if isinstance(named, str) and named not in folder.files:
        parsed.written.fault(("areas",), f"there is no {named} beside place.yaml")
    elif isinstance(named, str):
        parsed.areas, parsed.shapes = _geometry.read(f"{folder.path}/{named}", folder.files[named])
        _look_at_areas(parsed.areas, parsed.shapes)
    return parsed


def _look_closer(form: PlaceForm, written: Written[PlaceForm]) -> None:
    """What one field cannot know of another."""
    for i, feed in enumerate(form.feeds):
        if feed.every and feed.cron:
            written.fault(("feeds", i, "cron"), "either every or cron, not both")
        for _, key, message in overlaps([(feed.id, feed.from_, feed.to)], "from", "to"):
            written.fault(("feeds", i, key), message)
    for i, closure in enumerate(form.closures):
        for _, key, message in overlaps([(closure.name, closure.from_, closure.to)], "from", "to"):
            written.fault(("closures", i, key), message)
    for i, key, message in overlaps([(limit.limit, limit.from_, limit.to) for limit in form.limits], "from", "to"):
        written.fault(("limits", i, key), message)
    for i, key, message in overlaps([(off.rule, off.from_, off.to) for off in form.rules_off], "from", "to"):
        written.fault(("rules_off", i, key), message)
    for i, off in enumerate(form.rules_off):
        if off.rule not in rules():
            written.fault(("rules_off", i, "rule"), f"there is no rule {off.rule!r}{nearest(off.rule, rules())}")
    for severity in SEVERITIES:
        said = getattr(form.response, severity)
        if said and said.acknowledge and said.decide and said.decide < said.acknowledge:
            written.fault(("response", severity, "decide"), "it cannot be decided before it is acknowledged")
    for path, message in faults(form.seals, form.segregation, [feed.publisher for feed in form.feeds]):
        written.fault(path, message)
    for path, message in operator_faults(form.operators):
        written.fault(path, message)
    for i, road in enumerate(form.travel):
        if road.to in [before.to for before in form.travel[:i]]:
            written.fault(("travel", i, "to"), f"{road.to!r} is given twice")
        line = [(point.lat, point.lon) for point in road.corridor]
        if len(line) == 1:
            written.fault(("travel", i, "corridor"), "a line has two points or more")
        for n, (one, other) in enumerate(pairwise(line), 1):
            if (far := metres(one, other)) > MOST_APART:
                said = f"{far // 1000} km from the point before; at most {MOST_APART // 1000}, put more points in between"
                written.fault(("travel", i, "corridor", n), said)


def _look_at_areas(areas: list[tuple[AreaForm, Shape, Path]], shapes: Written[Form]) -> None:
    """Unique ids, parents that exist and do not go round, everything inside the boundary."""
    parents = {form.id: form.parent for form, _, _ in areas}
    boundary = [polygon for form, shape, _ in areas if form.kind == "boundary" for polygon in _geometry.polygons(shape)]
    shapes_are_missing = bool(shapes.faults)  # an area that could not be read is not a parent that does not exist
    seen: set[str] = set()
    for form, shape, path in areas:
        where = (*path, "properties")
        if form.id in seen:
            shapes.fault((*where, "id"), f"{form.id!r} is given twice")
        seen.add(form.id)
        if form.parent and form.parent not in parents and not shapes_are_missing:
            shapes.fault((*where, "parent"), f"{form.parent!r} is not an area of this place")
        elif _goes_round(form.id, parents):
            shapes.fault((*where, "parent"), f"{form.id!r} lies within itself")
        outside = _geometry.first_outside(shape, boundary) if boundary and form.kind != "boundary" else None
        if outside:
            shapes.fault((*path, "geometry"), f"{form.id!r} reaches outside the boundary, at {outside[0]:.5f}, {outside[1]:.5f}")


def _goes_round(area: str, parents: Mapping[str, str]) -> bool:
    at = parents.get(area, "")
    for _ in parents:
        if at == area:
            return True
        at = parents.get(at, "")
    return False


def _place(form: PlaceForm, areas: list[tuple[AreaForm, Shape, Path]], speaks_for: Mapping[str, frozenset[str]]) -> Place:
    zone = ZoneInfo(form.timezone)
    return Place(
        id=form.id,
        name=MappingProxyType(form.name),
        kind=form.kind,
        timezone=form.timezone,
        jurisdiction=form.jurisdiction,
        supervised_from=form.supervised_from.astimezone(UTC),
        unlocode=form.unlocode,
        capacity_teu=_sourced(form, zone),
        codes=form.codes if form.codes is not None else (form.unlocode,) if form.unlocode else (),
        areas=tuple(_area(area, shape) for area, shape, _ in areas),
        vehicle_visits=MappingProxyType({"slow": form.vehicle_visits.slow, "longest": form.vehicle_visits.longest}),
        same_movement=MappingProxyType({"gate": form.same_movement.gate, "quay": form.same_movement.quay}),
        horizon=form.horizon,
        travel=tuple(Travel(road.to, road.at_least, _way(road)) for road in form.travel),
        shifts=tuple(Shift(shift.name, shift.from_, shift.to) for shift in form.shifts),
        contacts=MappingProxyType(form.contacts),
        response=MappingProxyType(_response(form)),
        phones=tuple(Phone(phone.name, phone.number) for phone in form.phones),
        closures=tuple(Closure(c.name, in_utc(c.from_, zone) or ALWAYS, in_utc(c.to, zone)) for c in form.closures),
        feeds=tuple(_feed(feed, form.id, zone, speaks_for) for feed in form.feeds),
        limits=tuple(_limit(limit, zone) for limit in form.limits),
        rules_off=tuple(Off(o.rule, in_utc(o.from_, zone) or ALWAYS, in_utc(o.to, zone), o.reason) for o in form.rules_off),
        required=required(form.seals, form.segregation),
        operators=tuple(operator(said, zone) for said in form.operators),
    )


def _way(road: TravelForm) -> Way:
    line = tuple((point.lat, point.lon) for point in road.corridor)
    return Way(line, tuple(Stop(stop.name, (stop.lat, stop.lon), stop.radius) for stop in road.stops))


def _response(form: PlaceForm) -> dict[str, Times]:
    asked = {severity: getattr(form.response, severity) for severity in SEVERITIES}
    return {severity: Times(said.acknowledge, said.decide) for severity, said in asked.items() if said is not None}


def _sourced(form: PlaceForm, zone: ZoneInfo) -> Sourced | None:
    said = form.capacity_teu
    return Sourced(said.value, said.source, in_utc(said.from_, zone), in_utc(said.to, zone)) if said else None


def _area(form: AreaForm, shape: Shape) -> Area:
    return Area(**{**form.model_dump(), "name": MappingProxyType(form.name or {})}, geometry=shape)


def _feed(form: FeedForm, place: str, zone: ZoneInfo, speaks_for: Mapping[str, frozenset[str]]) -> Feed:
    return Feed(
        id=form.id,
        place=place,
        format=form.format,
        publisher=form.publisher,
        source=form.source,
        speaks_for=frozenset(form.speaks_for) if form.speaks_for is not None else speaks_for.get(form.format, frozenset()),
        every=form.every,
        cron=form.cron,
        expect=tuple(Expect(said.within, said.hours) for said in form.expect),
        options=Options(copy.deepcopy(form.options)),
        fetch=Options(copy.deepcopy(form.fetch)),
        since=in_utc(form.from_, zone),
        until=in_utc(form.to, zone),
    )


def _limit(form: PlaceLimitForm, zone: ZoneInfo) -> Limit:
    return Limit(
        limit=form.limit,
        value=form.value,
        valid_from=in_utc(form.from_, zone) or ALWAYS,
        valid_to=in_utc(form.to, zone),
        calendar=form.calendar,
        count_from=form.count_from,
        ends=form.ends,
        applies=form.applies,
        citation=form.reason,
        citation_status="confirmed" if form.reason else "unconfirmed",
        origin="place",
    )
