"""When which ship lies where: a pure function of seed, terminal and day, so that any day can be asked alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

VESSELS = ("ORIOLE", "HERON", "PETREL", "CURLEW", "PLOVER", "DUNLIN", "AVOCET", "GANNET", "FULMAR", "WHIMBREL")
ZONE = {
    "demo-port": ZoneInfo("Asia/Ho_Chi_Minh"),
    "demo-zone": ZoneInfo("Asia/Ho_Chi_Minh"),
    "demo-warehouse": ZoneInfo("Asia/Ho_Chi_Minh"),
    "second-port": ZoneInfo("America/Los_Angeles"),
}
TERMINALS = {"DT1": "demo-port", "DT2": "demo-port", "ST1": "second-port"}
DAY = timedelta(days=1)
WAY = timedelta(minutes=75)  # least time between Demo Port and Demo Zone; place.yaml


@dataclass(frozen=True, slots=True)
class Call:
    """A ship at a berth: boxes come off from `start`, go on board from `loads`, until `end`."""

    terminal: str
    start: datetime
    loads: datetime
    end: datetime
    vessel: tuple[str, str, str]


@cache
def call(seed: int, origin: datetime, terminal: str, day: int) -> Call | None:
    """The call at a terminal that begins on a day (counted from origin); None on days without. By daylight at Second Port."""
    rng = Random(f"{seed}/call/{terminal}/{day}")
    if terminal == "ST1":
        if day % 2:
            return None
        zone = ZONE["second-port"]
        local = datetime.combine((origin + day * DAY).astimezone(zone).date(), time(8, 10), zone)
        start, length = local.astimezone(origin.tzinfo) + timedelta(minutes=rng.randrange(60)), timedelta(hours=7)
    else:
        start = origin + day * DAY + timedelta(minutes=rng.randrange(60, 720))
        length = timedelta(minutes=rng.randrange(420, 600))
    n = (day * 3 + len(terminal) + (terminal == "DT2") * 5) % len(VESSELS)
    voyage = f"{(day + 200) % 1000:03d}{'EW'[day % 2]}"
    loads = start + length // timedelta(minutes=5) * timedelta(minutes=2)
    return Call(terminal, start, loads, start + length, (f"DEMO {VESSELS[n]}", f"XDM{n + 1:02d}", voyage))


def call_on(seed: int, origin: datetime, terminal: str, day: int) -> Call:
    """The call at a terminal that begins on a day that has one: every day at Demo Port, even days at Second Port. Errors: ValueError."""
    ship = call(seed, origin, terminal, day)
    if ship is None:
        raise ValueError(f"no ship calls at {terminal} on day {day}")
    return ship


def next_call(seed: int, origin: datetime, terminal: str, ready: datetime, loading: bool = True) -> Call:
    """The first call at the terminal that begins to load (or to discharge) at or after `ready`."""
    day = (ready - origin) // DAY - 2
    while True:
        found = call(seed, origin, terminal, day)
        if found is not None and (found.loads if loading else found.start) >= ready:
            return found
        day += 1


def wall(at: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The same wall time so many dates later: the earlier of two, and with the offset before the jump where there is none."""
    local = at.astimezone(zone)
    return datetime.combine(local.date() + days * DAY, local.time().replace(fold=0), zone).astimezone(at.tzinfo)
