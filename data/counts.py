"""The maintained counts: what each movement and each stay adds to which row. Counts are integers, so taking back is exact.

hourly        movements and TEU by place, hour, terminal, event, mode, direction, full/empty
occupancy     net change of boxes inside by place, hour and terminal, with the parts of the identity
area_hour     net change of boxes in an area by hour, at places whose areas declare a capacity
inside        boxes inside now, by where and what
dwell_bucket  completed stays with both ends known, by day of leaving and logarithmic bucket
agreement     movements by place, day and event: told of by one publisher, by several that agree, by several that differ, or by hand alone
lag           statements by feed, UTC day of receipt and logarithmic bucket of how long after the fact they came (negative: before it)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from operator import add, attrgetter, itemgetter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.keep import Kept, Row
from data.store import tables as t
from data.store.bulk import upsert
from zones.area import counted
from zones.by_hand import BY_HAND
from zones.lag import bucket as lag_bucket
from zones.stay import Stay, bucket, counts, stands
from zones.world import World

KEYS: dict[str, tuple[str, ...]] = {
    "hourly": ("place", "hour", "terminal", "event", "mode", "direction", "full_empty"),
    "occupancy": ("place", "hour", "terminal"),
    "area_hour": ("place", "area", "hour"),
    "inside": ("place", "terminal", "area", "direction", "full_empty"),
    "dwell_bucket": ("place", "day", "terminal", "direction", "mode", "full_empty", "bucket"),
    "agreement": ("place", "day", "event", "told"),
    "lag": ("feed", "day", "bucket"),
}
SUMS: dict[str, tuple[str, ...]] = {
    "hourly": ("movements", "teu"),
    "occupancy": ("boxes", "teu", "opening", "came", "went", "corrected"),
    "area_hour": ("boxes", "teu"),
    "inside": ("boxes", "teu", "held"),
    "dwell_bucket": ("stays", "minutes"),
    "agreement": ("movements",),
    "lag": ("reports",),
}
# What must have changed, and which way, for a row to come to nothing. Boxes found without a known entry count as corrections both ways.
FALLS: dict[str, tuple[tuple[str, int], ...]] = {
    "hourly": (("movements", -1),),
    "occupancy": (("opening", -1), ("came", -1), ("went", -1), ("corrected", -1), ("corrected", 1)),
    "area_hour": (("boxes", -1), ("boxes", 1), ("teu", -1), ("teu", 1)),
    "inside": (("boxes", -1),),
    "dwell_bucket": (("stays", -1),),
    "agreement": (("movements", -1),),
    "lag": (("reports", -1),),
}

LagKey = tuple[str, date, int]  # feed, day, bucket
SECOND = timedelta(seconds=1)
_OPENED = attrgetter("opening", "entered", "opened_by_list", "terminal", "teu")
_HOURLY = itemgetter("occurred_at", "place", "terminal", "event", "mode", "direction", "full_empty", "teu")


class Deltas:
    """Changes to the counts, gathered over a transaction."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._sums: dict[str, dict[tuple[Any, ...], list[int]]] = {
            name: defaultdict(partial(_zeros, len(sums))) for name, sums in SUMS.items()
        }
        self.counted = {place.id: areas for place in world.places.values() if (areas := counted(place))}
        self._days: dict[tuple[str, datetime, int], date] = {}

    def movement(self, row: Row, sign: int) -> None:
        """Add (sign 1) or take back (sign -1) a movement, given as its row."""
        if sign:
            at, *rest = _HOURLY(row)
            full = hour(at)
            sums = self._sums["hourly"][(rest[0], full, *rest[1:-1])]
            sums[0] += sign
            sums[1] += sign * rest[-1]
            self._sums["agreement"][(rest[0], self._day(rest[0], at, full), rest[2], told_by(row))][0] += sign

    def lag(self, row: Kept, sign: int) -> None:
        """Add or take back a report or customs fact, given as its row; one that gives no time of day counts nowhere."""
        if (key := lag_of(row)) is not None:
            self._sums["lag"][key][0] += sign

    def lags(self, sums: Mapping[LagKey, int]) -> None:
        """Add what was counted elsewhere (less than nothing: take it back)."""
        for key, n in sums.items():
            self._sums["lag"][key][0] += n

    def _day(self, place: str, at: datetime, full: datetime) -> date:
        """The place's day, asked once a quarter of the full hour: in no zone does a day begin but on one."""
        quarter = (place, full, at.minute // 15)
        day = self._days.get(quarter)
        if day is None:
            day = self._days[quarter] = self.world.place(place).day_of(at)
        return day

    def changed(self, before: Stay, stay: Stay) -> None:
        """One stay instead of another. Most often it only went on, and what was counted of its opening stands."""
        alike = _OPENED(before) == _OPENED(stay)
        self.stay(before, -1, whole=not alike)
        self.stay(stay, 1, whole=not alike)

    def stay(self, stay: Stay, sign: int, whole: bool = True) -> None:
        """Add or take back a stay, with or without what its opening counts as."""
        for count in counts(stay) if whole else counts(stay)[1:]:
            opening, came, went, corrected = sign * count.opening, sign * count.came, sign * count.went, sign * count.corrected
            boxes = opening + came - went + corrected
            parts = (boxes, boxes * stay.teu, opening, came, went, corrected)
            self._add("occupancy", (stay.place, hour(count.at), stay.terminal), parts)
        if stay.place in self.counted:
            self.standing(stay, sign)
        if stay.left_at is None:
            self._add(
                "inside",
                (stay.place, stay.terminal, stay.area, stay.direction, stay.full_empty),
                (sign, sign * stay.teu, sign * bool(stay.held)),
            )
        elif (minutes := stay.dwell_minutes) is not None and stay.exit is not None:
            day = self.world.place(stay.place).day_of(stay.left_at)
            self._add(
                "dwell_bucket",
                (stay.place, day, stay.terminal, stay.direction, stay.exit.mode, stay.full_empty, bucket(minutes)),
                (sign, sign * minutes),
            )

    def standing(self, stay: Stay, sign: int) -> None:
        """Add or take back where the box of a stay stood, as far as that is counted."""
        areas = self.counted.get(stay.place, frozenset())
        for one in stands(stay):
            if one.area in areas:
                self._add("area_hour", (stay.place, one.area, hour(one.at)), (sign * one.boxes, sign * one.boxes * stay.teu))

    def _add(self, table: str, key: tuple[Any, ...], parts: Sequence[int]) -> None:
        rows = self._sums[table]
        rows[key] = list(map(add, rows[key], parts))

    def write(self, conn: Connection) -> None:
        """Apply the changes; a row that comes to nothing goes, so that the table does not tell what once was."""
        for name, keys in KEYS.items():
            table = t.metadata.tables[name]
            rows = [dict(zip((*keys, *SUMS[name]), (*key, *sums), strict=True)) for key, sums in self._sums[name].items() if any(sums)]
            upsert(conn, table, rows, keys, add=SUMS[name])
            less = [row for row in rows if any(sign * row[column] > 0 for column, sign in FALLS[name])]
            if less:
                zero = sa.and_(*(table.c[column] == 0 for column in SUMS[name]))
                gone = table.delete().where(*(table.c[k] == sa.bindparam(f"k_{k}") for k in keys), zero)
                conn.execute(gone, [{f"k_{k}": row[k] for k in keys} for row in less])

    def __iter__(self) -> Iterator[tuple[str, tuple[Any, ...], list[int]]]:
        for name, sums in self._sums.items():
            for key, parts in sums.items():
                if any(parts):
                    yield name, key, parts


def told_by(row: Row) -> str:
    """Who tells of a movement, given as its row: one publisher, or several that agree or differ (two feeds of one publisher are one); or
    nobody but whoever recorded it by hand, which confirms no source."""
    publishers = row["publishers"]
    if "," not in publishers:
        return "hand" if publishers == BY_HAND else "one"
    if publishers.count(",") == 1 and BY_HAND in publishers.split(","):
        return "one"
    return "differ" if row["disagreement"] else "agree"


def lag_of(row: Kept) -> LagKey | None:
    """(feed, UTC day of receipt, bucket of the lag) of a report, fact or signal with an instant; None for plans, dates, tests."""
    at = row["occurred_at"] if "occurred_at" in row else row["effective_at"]
    if at is None or row["given"] != "live" or row["precision"] == "day" or row["outread"] or row.get("classifier", "actual") != "actual":
        return None
    received = row["received_at"]
    day = received.date() if received.tzinfo is UTC else received.astimezone(UTC).date()
    return row["feed"], day, lag_bucket((received - at) // SECOND)


def _zeros(number: int) -> list[int]:
    return [0] * number


def hour(at: datetime) -> datetime:
    """The full hour (UTC) that an instant lies in."""
    return at.replace(minute=0, second=0, microsecond=0)
