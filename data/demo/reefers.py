"""What the monitors of the demo's reefers tell at Demo Port, every two hours: temperature and set point, power, defrosts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from data.demo.box import Life, Reading
from data.demo.calls import DAY
from data.demo.faults import File, key
from data.demo.plan import Plan
from data.demo.write import local, table

FEED, PLACE = "reefers", "demo-port"
EVERY = timedelta(hours=2)
FIRST, LATE = timedelta(minutes=35), timedelta(minutes=4)  # of a day's first file; how long a reading takes to get to the platform
WORDS = {"temperature": "TEMP", "power_on": "ON", "power_off": "OFF", "defrost_on": "DEF1", "defrost_off": "DEF0"}
SET = (-180, -200, 40, 130)


def files(plan: Plan, day: int) -> Iterator[File]:
    """The files of a day (counted from the origin); a header alone where nothing is new: it is heard all the same."""
    told = [*(plan.on(day - 1).readings if day else ()), *plan.on(day).readings]
    for turn in range(DAY // EVERY):
        at = plan.origin + day * DAY + FIRST + turn * EVERY
        own = [one for one in told if at - EVERY < one.at + LATE <= at and one.at > plan.origin]
        yield File(at, FEED, f"{FEED}-{at:%Y%m%dT%H%MZ}.csv", _text(own).encode(), frozenset(key(one) for one in own))


def _text(readings: Sequence[Reading]) -> str:
    header = ("Container", "Monitor", "At", "Event", "Return air", "Set point")
    return table(header, (
        (one.box, f"RM{one.box[4:10]}", local(one.at, PLACE, "%Y-%m-%d %H:%M"), WORDS[one.kind], _degrees(one.temp), _degrees(one.set_temp))
        for one in readings
    ))  # fmt: skip


def _degrees(tenths: int | None) -> str:
    return "" if tenths is None else f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"


def watched(rng: Random, life: Life, since: datetime, until: datetime) -> int:
    """Lay down what the monitor of a sound reefer tells of a visit: unplugged for a while when it comes, plugged in, in range every two
    hours, with a defrost a day. Gives its set point."""
    box, wanted = life.box.number, rng.choice(SET)
    on = since + timedelta(minutes=rng.randrange(60, 105))  # told two hours later, it is still known in time
    life.readings += [Reading(since + timedelta(minutes=2), "power_off", box, wanted + 5, wanted), Reading(on, "power_on", box)]
    at = on + timedelta(minutes=20)
    for turn in range(int((until - at) / EVERY)):
        moment = at + turn * EVERY
        life.readings.append(Reading(moment, "temperature", box, wanted + rng.randrange(-8, 12), wanted))
        if turn % 12 == 5:
            begins = moment + timedelta(minutes=10)
            life.readings += [
                Reading(begins, "defrost_on", box),
                Reading(begins + timedelta(minutes=15), "temperature", box, wanted + rng.randrange(60, 110), wanted),
                Reading(begins + timedelta(minutes=rng.randrange(25, 45)), "defrost_off", box),
            ]
    return wanted
