"""The synthetic port: four invented places whose sources tell, seeded and deterministic, of a physical truth we know.

    plan.py       what really happens, day by day: ships call, boxes come, are held, released, leave
    box.py        boxes, moves, customs facts, lives           calls.py      which ship lies where, when
    holds.py      what the agencies do lawfully                offences.py   the offences planted
    silences.py   when a source falls silent              trucks.py     which of them bring a box and take another
    tell.py       which source tells what, and when            faults.py     what goes wrong on the way, and how it heals
    orders.py     what ships are to discharge and load    reefers.py   what the monitors of reefers tell
    road.py       what devices say on the way             goods        the goods in the zone, and their books
    packed.py     boxes packed in the zone
    write.py      the texts: CODECO, COARRI, CSV               truth.py      the planted offences, for whoever checks us
    ground.py     the declarations of the places, their areas, the law of the demo
    try_files.py  three files of nobody's feed, to be tried
    follow.py     goes on from where it stopped, in simulated time

The same seed, days, scale and ending give the same bytes and the same file times.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from data.demo import follow, ground, truth, try_files
from data.demo.calls import ZONE
from data.demo.faults import File
from data.demo.plan import Plan
from data.demo.tell import FEEDS, Telling

__all__ = ["follow", "plan", "told", "write"]


def plan(seed: int, days: int, scale: float, ending: datetime) -> Plan:
    """The plan of a demo of so many days (1 to 400) up to `ending` (aware). Its origin is the midnight that begins the first day.

    Errors: ValueError for anything else.
    """
    if ending.tzinfo is None:
        raise ValueError("ending needs a time zone")
    if not 1 <= days <= 400 or not 0 < scale <= 100:
        raise ValueError("days must be 1 to 400, scale above 0 and at most 100")
    zone = ZONE["demo-port"]
    first = (ending - timedelta(days=days)).astimezone(zone)
    return Plan(seed, first.replace(hour=0, minute=0, second=0, microsecond=0), scale, ending.replace(microsecond=0))


def told(of: Plan) -> list[File]:
    """Every file delivered up to the plan's ending, oldest first."""
    return Telling(of).delivered(of.origin, of.ending)


def write(to: Path, *, seed: int = 1, days: int = 30, scale: float = 1.0, ending: datetime) -> dict[str, Any]:
    """Write places, limits, feeds and truth.json below `to`, up to `ending` (aware). A file's time is its delivery, none after `ending`.

    A demo that lies there already is replaced. Gives what was written: files, bytes, feeds, offences by rule. Errors: ValueError, OSError.
    """
    of = plan(seed, days, scale, ending)
    _clear(to)
    for name, text in ground.declarations(to, of.origin, of.closed).items():
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        follow.whole(path, text.encode(), of.origin)
    for feed in FEEDS:
        (to / "feeds" / feed).mkdir(parents=True, exist_ok=True)
    files = told(of)
    for file in files:
        follow.put(to, file)
    (to / try_files.FOLDER).mkdir(exist_ok=True)
    for name, content in try_files.files(of).items():
        follow.whole(to / try_files.FOLDER / name, content, of.ending)
    offences = truth.offences(of, files)
    follow.whole(to / "truth.json", (json.dumps(offences, indent=1, ensure_ascii=False) + "\n").encode(), of.ending)
    follow.keep(
        to,
        {
            "seed": seed,
            "days": days,
            "scale": scale,
            "origin": of.origin.isoformat(),
            "ending": of.ending.isoformat(),
            "last": of.ending.isoformat(),
        },
    )
    return {
        "seed": seed,
        "days": days,
        "scale": scale,
        "origin": of.origin.isoformat(),
        "ending": of.ending.astimezone(UTC).isoformat(),
        "places": list(ground.PLACES),
        "files": len(files),
        "bytes": sum(len(file.content) for file in files),
        "feeds": dict(sorted(Counter(file.feed for file in files).items())),
        "offences": dict(sorted(Counter(str(offence["rule"]) for offence in offences).items())),
    }


def _clear(to: Path) -> None:
    """Take away the deliveries of a demo written here before, and nothing else."""
    if not (to / follow.STATE).exists():
        return
    for feed in FEEDS:
        for path in sorted((to / "feeds" / feed).glob(f"{feed}-*")):
            path.unlink()
