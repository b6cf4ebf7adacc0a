"""What a ship was to discharge at a call against what was discharged: the bundle of rules about calls, from what stands of what was told.

A call is a ship and a voyage at a place (zones/call.py). Its lists are the manifests, discharge orders and stowage plans received for it,
whoever sent them; a box that one of them names is listed. A discharge belongs to the call that it names; one that does not say all of its
call belongs to a call that listed its box, if it lies near. A voyage number used again after APART is another call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from zones.call import NEAR
from zones.codes import plate
from zones.stay import Mark

LISTS = frozenset({"coprar", "cuscar", "baplie"})  # formats that name every box a ship is to discharge
APART = timedelta(days=21)  # no call lasts so long, none is announced anew so late


class Line(Struct, frozen=True, gc=False):
    """One box as one list names it. `mark.at`: when it was to be discharged."""

    equipment: str
    mark: Mark
    terminal: str = ""


class Landing(Struct, frozen=True, gc=False):
    """One box as it was discharged. `named`: the report says of which ship and voyage; `stated`: no discharge, but the quay's own word
    that the box did not come (short-landed)."""

    equipment: str
    mark: Mark
    terminal: str = ""
    named: bool = True
    stated: bool = False


class CallFacts(Struct, frozen=True):
    """One call as a rule sees it. `lines`: box -> what its lists say of it, as received; `landed`: box -> its discharge;
    `stated`: box -> the quay's word that it did not come; `departed`: the ship was told to have left.
    """

    place: str
    vessel: str
    voyage: str
    lines: Mapping[str, tuple[Line, ...]]
    landed: Mapping[str, Landing]
    stated: Mapping[str, Landing] = {}
    departed: Mark | None = None

    @property
    def key(self) -> str:
        return unit(self.place, self.vessel, self.voyage)


def unit(place: str, vessel: str, voyage: str) -> str:
    """call:<place>/<ship>/<voyage>, ship and voyage as all sources' are compared: capitals, without blanks, dashes and dots."""
    return f"call:{place}/{plate(vessel)}/{plate(voyage)}"


def calls_of(
    place: str, ship: tuple[str, str], lines: Iterable[Line], landed: Iterable[Landing], departures: Iterable[Mark] = ()
) -> Iterator[CallFacts]:
    """The calls of one ship and voyage for which a list was received, from what stands of what was told."""
    landed, departures = list(landed), list(departures)
    for own in _apart(lines):
        since, until = own[0].mark.at, own[-1].mark.at
        by_box: dict[str, list[Line]] = defaultdict(list)
        for line in own:
            by_box[line.equipment].append(line)
        done: dict[bool, dict[str, Landing]] = {True: {}, False: {}}
        for one in sorted(landed, key=lambda one: (one.mark.at, one.mark.report_id)):
            reach = APART if one.named else NEAR
            if since - reach <= one.mark.at <= until + reach and (one.named or one.equipment in by_box):
                done[one.stated].setdefault(one.equipment, one)
        gone = [mark for mark in departures if since - APART <= mark.at <= until + APART]
        yield CallFacts(
            place,
            *ship,
            {box: tuple(sorted(each, key=_received)) for box, each in by_box.items()},
            done[False],
            done[True],
            max(gone, key=lambda mark: (mark.received_at, mark.at, mark.report_id), default=None),
        )


def _apart(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines in the order of their times, parted where none was for so long."""
    own: list[Line] = []
    for line in sorted(lines, key=lambda line: (line.mark.at, line.mark.report_id)):
        if own and line.mark.at - own[-1].mark.at > APART:
            yield own
            own = []
        own.append(line)
    if own:
        yield own


def _received(line: Line) -> tuple[datetime, str]:
    return line.mark.received_at, line.mark.report_id
