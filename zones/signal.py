"""What the devices on a box say: electronic seals, trackers, the monitors of reefers. A signal is a piece of evidence, never a movement.

A device is bound to its box by whoever sells or fits it; that publisher says which box each signal is of. Positions are whole
microdegrees (about 11 cm north to south), temperatures whole tenths of a degree Celsius: what a device tells is compared and kept exactly.

    position                        only where it is. Any other signal may tell that too, and is a fix as well: `Signal.fix`
    opened closed tamper            of a seal or a door: its bolt or bar, and any attack on the device itself (cut, shielded, forced)
    alive battery_low               of the device itself
    power_on power_off              of a reefer: plugged in, unplugged
    temperature                     of a reefer: of the air returned, and as set. Any other signal of it may tell them too
    defrost_on defrost_off          of a reefer: while it defrosts, its temperature says nothing of the cargo
    other                           a word of the source that its mapping does not know: kept, shown, and used by no rule
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

OPENINGS = ("opened", "tamper")
OF_REEFERS = ("power_on", "power_off", "temperature", "defrost_on", "defrost_off")
KINDS = ("position", *OPENINGS, "closed", "alive", "battery_low", *OF_REEFERS, "other")

_NUMBER = re.compile(r"(?P<sign>[-+\u2212]?)(?P<whole>[0-9]{1,4})(?:[.,](?P<part>[0-9]{1,20}))?")
MICRO = 6  # places of a degree that are kept


class Signal(Struct, frozen=True, gc=False):
    """One word of a device, as kept. `lat`, `lon` in microdegrees, `temp` (air returned), `set_temp` in tenths of a degree C; None where
    it does not tell. `place`: whose feed told it. `tellings`: the ids of all tellings of it, its own first; () where it was told once.
    """

    signal_id: str
    equipment: str
    device: str
    kind: str
    at: datetime
    received_at: datetime
    precision: str = "second"
    place: str = ""
    publisher: str = ""
    lat: int | None = None
    lon: int | None = None
    temp: int | None = None
    set_temp: int | None = None
    remark: str = ""
    source_id: str = ""
    updated_at: datetime | None = None
    function: str = "original"
    message_id: str = ""
    tellings: tuple[str, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of all its tellings."""
        return self.tellings or (self.signal_id,)

    @property
    def fix(self) -> tuple[int, int] | None:
        """(latitude, longitude) in microdegrees, where it tells them."""
        return (self.lat, self.lon) if self.lat is not None and self.lon is not None else None

    @property
    def earliest(self) -> datetime:
        """The earliest instant that its time may mean."""
        return self.at

    @property
    def latest(self) -> datetime:
        """The latest instant that its time may mean: what is dated by the day stands for its whole day."""
        return self.at + timedelta(hours=23, minutes=59, seconds=59) if self.precision == "day" else self.at


def in_order(signals: Iterable[Signal]) -> tuple[Signal, ...]:
    """Signals by their time, what was told twice (the same device, kind, instant and figures, whoever passed it on) once: the telling that
    was received first stands.
    """
    told: dict[tuple[object, ...], list[Signal]] = defaultdict(list)
    for signal in signals:
        told[_said(signal)].append(signal)
    return tuple(sorted(map(_once, told.values()), key=lambda signal: (signal.at, KINDS.index(signal.kind), signal.signal_id)))


def _said(signal: Signal) -> tuple[object, ...]:
    figures = signal.lat, signal.lon, signal.temp, signal.set_temp
    return signal.equipment, signal.device, signal.kind, signal.at, signal.precision, *figures


def _once(tellings: list[Signal]) -> Signal:
    if len(tellings) == 1:
        return tellings[0]
    first, *others = sorted(tellings, key=lambda signal: (signal.received_at, signal.signal_id))
    return replace(first, tellings=(first.signal_id, *(other.signal_id for other in others)))


def during(signals: Sequence[Signal], since: datetime, until: datetime | None) -> tuple[Signal, ...]:
    """Of signals in order those in [since, until); until None: all from then on."""
    if not signals:
        return ()
    first = bisect_left(signals, since, key=lambda signal: signal.at)
    last = len(signals) if until is None else bisect_left(signals, until, key=lambda signal: signal.at)
    return tuple(signals[first:last])


def scaled(text: str, places: int) -> int | None:
    """A decimal number as a whole number of its 10**-places, rounded half away from zero: "10.7765431" to 6 places is 10776543.

    None for what is no such number. A comma is a decimal mark: no coordinate and no temperature of a box has a thousand.
    """
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return None
    part = (match["part"] or "").ljust(places + 1, "0")
    size: int = int(match["whole"]) * 10**places + int(part[:places] or "0") + (part[places] >= "5")
    return -size if match["sign"] in ("-", "\u2212") else size


def microdegrees(text: str, most: int) -> int | None:
    """A latitude (most=90) or longitude (most=180) in decimal degrees as microdegrees; None for what is none."""
    found = scaled(text, MICRO)
    return found if found is not None and abs(found) <= most * 10**MICRO else None
