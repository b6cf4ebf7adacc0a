"""How cold a reefer is kept, as its devices tell: which readings count, and from when to when it was out of range or unplugged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from zones.limits import Law
from zones.signal import Signal

Warm = tuple[Signal, int, bool, datetime | None]  # the first reading out of range, what was set, whether a device told so, its end


def out_of_range(signals: Sequence[Signal], law: Law, ordered: int | None = None) -> Iterator[Warm]:
    """Stretches whose readings are all off the set point by more than `reefer_tolerance`. One that begins goes on until a reading is in
    range or the box is unplugged (None: neither was told). `ordered`: the set point that others told, until a device tells it.

    A reading does not count while the reefer defrosts (for `reefer_defrost` at most, where that is declared), while it is unplugged, and
    for `reefer_to_normal` after it was plugged in or set anew.
    """
    since: Signal | None = None
    wanted, by_device = ordered, False
    defrosts: datetime | None = None
    anew: datetime | None = None
    plugged, was = True, (0, False)
    for said in signals:
        if said.precision == "day":
            continue
        if said.set_temp is not None:
            anew = said.at if by_device and said.set_temp != wanted else anew
            wanted, by_device = said.set_temp, True
        if said.kind == "power_off":
            plugged = False
            if since is not None:
                yield since, *was, said.at
                since = None
        elif said.kind == "power_on":
            anew, plugged = (anew if plugged else said.at), True
        elif said.kind in ("defrost_on", "defrost_off"):
            defrosts = said.at if said.kind == "defrost_on" else None
        limit = law.at("reefer_tolerance", said.at)
        if said.temp is None or wanted is None or limit is None or not plugged:
            continue
        if (defrosts and not law.beyond("reefer_defrost", defrosts, said.at)) or _warming_up(law, anew, said.at):
            continue
        if abs(said.temp - wanted) * 10 > limit.measure.hundredths:
            since, was = (said, (wanted, by_device)) if since is None else (since, was)
        elif since is not None:
            yield since, *was, said.at
            since = None
    if since is not None:
        yield since, *was, None


def unplugged(signals: Sequence[Signal]) -> Iterator[tuple[Signal, datetime | None]]:
    """Each time that the power was told to be off, and when it was on again."""
    off: Signal | None = None
    for said in signals:
        if said.kind == "power_off" and said.precision != "day":
            off = off or said
        elif said.kind == "power_on" and off is not None:
            yield off, said.at
            off = None
    if off is not None:
        yield off, None


def _warming_up(law: Law, anew: datetime | None, at: datetime) -> bool:
    """Whether a reefer that was plugged in or set anew at `anew` may still be on its way to what is set."""
    return anew is not None and law.governing("reefer_to_normal", anew, at) is not None and not law.beyond("reefer_to_normal", anew, at)
