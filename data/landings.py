"""Calls of ships as units of judging: which of them something happened to, and what their lists and discharges say.

A call is looked at only where some feed sends lists of what ships are to discharge (zones.landing.LISTS). Read is what names the ship and
voyage at the place, by its index, and what is told of the boxes on its lists: as much as one call is, however long the history.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.books import load
from data.keep import Row
from data.store import tables as t
from data.store.bulk import in_chunks
from data.store.columns import ship
from zones.codes import plate
from zones.landing import APART, LISTS, CallFacts, Landing, Line, calls_of, unit
from zones.stay import Mark
from zones.world import World

LONGEST = 90  # characters of a unit; nobody's ship and voyage are longer
SHORT = "no_move: shortlanded"  # how the readers of COARRI say it in `why`
STANDS = ("live", "status_only")

_r = t.report.c
_ship = ship(_r.vessel, _r.voyage)
_COLUMNS = (
    *(_r.equipment, _r.report_id, _r.feed, _r.event, _r.classifier, _r.status, _r.occurred_at, _r.received_at, _r.precision),
    *(_r.publisher, _r.vessel, _r.voyage, _r.terminal, _r.movement_id, _r.canonical, _r.why),
)


def listed(world: World) -> bool:
    """Whether any feed sends lists of what ships are to discharge; one feed may tell of several places."""
    return any(feed.format in LISTS for feed in world.feeds)


def concerned(conn: Connection, world: World, rows: Iterable[Row]) -> dict[str, str]:
    """The calls to be judged again because of these reports, with the report that is the cause."""
    if not listed(world):
        return {}
    found: dict[str, str] = {}
    unnamed: dict[tuple[str, str], str] = {}
    for row in rows:
        event = row["event"]
        if event == "discharge" or event == "depart":
            if row["vessel"] and row["voyage"]:
                found[unit(row["place"], row["vessel"], row["voyage"])] = row["report_id"]
            elif event == "discharge" and row["classifier"] == "actual":
                unnamed[row["place"], row["equipment"]] = row["report_id"]
    for chunk in in_chunks({box for _, box in unnamed}, 900):
        asked = sa.select(_r.place, _r.vessel, _r.voyage, _r.equipment).where(_r.equipment.in_(chunk), t.PLANNED, t.OFF_A_SHIP)
        for place, vessel, voyage, box in conn.execute(asked):
            if (place, box) in unnamed:
                found[unit(place, vessel, voyage)] = unnamed[place, box]
    return {name: cause for name, cause in found.items() if len(name) <= LONGEST}


def units(conn: Connection, places: Iterable[str], since: datetime | None = None, until: datetime | None = None) -> list[str]:
    """The calls of these places of which a list stands whose boxes were to come in [since, until)."""
    within = (*((_r.occurred_at >= since,) if since else ()), *((_r.occurred_at < until,) if until else ()))
    found: set[str] = set()
    for place in places:
        asked = sa.select(_r.vessel, _r.voyage).where(_r.place == place, t.PLANNED, t.OFF_A_SHIP, *within).distinct()
        found |= {unit(place, vessel, voyage) for vessel, voyage in conn.execute(asked)}
    return sorted(name for name in found if len(name) <= LONGEST)


def calls(conn: Connection, world: World, name: str, at: datetime, exactly: bool) -> list[CallFacts]:
    """The calls that go by this unit, from what was received by `at`; `exactly`: something was received since, and is left out."""
    place, _, call = name.removeprefix("call:").partition("/")
    by_ship = sa.select(*_COLUMNS).where(_r.place == place, _ship == call, t.OFF_A_SHIP, ~_r.outread, _r.received_at <= at)
    named = [dict(row) for row in conn.execute(by_ship).mappings()]
    listing = [row for row in named if row["classifier"] != "actual" and _lists(world, row["feed"])]
    if not listing:
        return []
    boxes = sorted({row["equipment"] for row in listing})
    unnamed = []
    for chunk in in_chunks(boxes, 900):
        own = sa.and_(_r.equipment.in_(chunk), _r.place == place, _r.event == "discharge", _r.classifier == "actual")
        part = sa.and_(sa.or_(_r.vessel == "", _r.voyage == ""), _r.received_at <= at, ~_r.outread)
        found = (dict(row) for row in conn.execute(sa.select(*_COLUMNS).where(own, part)).mappings())
        unnamed += [row for row in found if _fits(row, call)]
    told = _as_known(conn, world, [*named, *unnamed], at) if exactly else [*named, *unnamed]
    lines = [
        Line(row["equipment"], _mark((row,)), row["terminal"])
        for row in told
        if row["classifier"] != "actual" and row["status"] == "live" and row["occurred_at"] and _lists(world, row["feed"])
    ]
    vessel, voyage = max((row["received_at"], row["vessel"], row["voyage"]) for row in listing)[1:]
    return list(calls_of(place, (vessel, voyage), lines, _landed(told), _departures(conn, place, call, lines, at)))


def _lists(world: World, feed: str) -> bool:
    try:
        return world.feed(feed).format in LISTS
    except KeyError:
        return True  # no longer declared: what it listed it listed


def _fits(row: Row, call: str) -> bool:
    """Whether what a discharge does say of its ship is so of the call."""
    return (not row["vessel"] or call.startswith(f"{plate(row['vessel'])}/")) and (
        not row["voyage"] or call.endswith(f"/{plate(row['voyage'])}")
    )


def _landed(told: Iterable[Row]) -> Iterator[Landing]:
    """What was discharged: all reports that tell of one movement are one. And what the quay says did not come."""
    movements: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in told:
        if row["classifier"] != "actual":
            continue
        if row["status"] == "live" and row["movement_id"]:
            movements[row["equipment"], row["movement_id"]].append(row)
        elif row["status"] == "status_only" and SHORT in row["why"]:
            at = row["occurred_at"] or row["received_at"]
            yield Landing(row["equipment"], _mark(({**row, "occurred_at": at},)), row["terminal"], stated=True)
    for (box, _), own in movements.items():
        own.sort(key=lambda row: (not row["canonical"], row["report_id"]))
        yield Landing(box, _mark(own), own[0]["terminal"], any(row["vessel"] and row["voyage"] for row in own))


def _mark(rows: Iterable[Row]) -> Mark:
    own = list(rows)
    first = own[0]
    return Mark(
        at=first["occurred_at"],
        event=first["event"],
        report_id=first["report_id"],
        received_at=first["received_at"],
        precision=first["precision"],
        publisher=first["publisher"],
        reports=tuple(row["report_id"] for row in own),
    )


def _departures(conn: Connection, place: str, call: str, lines: Iterable[Line], at: datetime) -> list[Mark]:
    times = [line.mark.at for line in lines]
    if not times:
        return []
    within = sa.and_(_r.occurred_at >= min(times) - APART, _r.occurred_at <= min(max(times) + APART, at))
    own = (_r.place == place, t.OF_SHIPS, within, _r.event == "depart", _r.classifier == "actual", _ship == call)
    stands = (~_r.outread, _r.status.in_(STANDS), _r.received_at <= at)
    return [_mark((dict(row),)) for row in conn.execute(sa.select(*_COLUMNS).where(*own, *stands)).mappings()]


def _as_known(conn: Connection, world: World, rows: Iterable[Row], at: datetime) -> list[Row]:
    """The rows as they stood at a moment: folded from what was received by then."""
    own = list(rows)
    books, _ = load(conn, world, {row["equipment"] for row in own}, known_at=at)
    found = []
    for row in own:
        book = books[row["equipment"]]
        if row["report_id"] in book.status:
            movement = book.canonical.get(row["report_id"], "")
            first = any(one.canonical.report_id == row["report_id"] for one in book.movements)
            status = book.status[row["report_id"]]
            found.append({**row, "status": status, "movement_id": movement, "canonical": first})
    return found
