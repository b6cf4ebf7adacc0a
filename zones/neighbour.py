"""Which boxes with dangerous goods stood at a place together, and where each of them stood when.

A spot is one live report that tells in which area or slot a box is; of a yard list, too. It holds until another area is told or the box
leaves. Kept for boxes with dangerous goods only: of the others nobody asks beside whom they stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from zones.report import Report
from zones.stay import Mark, Stay


class Spot(Struct, frozen=True, gc=False):
    """From `mark.at` on a box stood in an area or slot, as one report tells."""

    place: str
    area: str
    mark: Mark


class Neighbour(Struct, frozen=True, gc=False):
    """A stay with dangerous goods that has time in common with another at the same place, and where that box stood, oldest first."""

    stay: Stay
    spots: tuple[Spot, ...] = ()


def classes(stay: Stay) -> tuple[str, ...]:
    """The IMDG classes that are told of a stay, sorted; goods of which only the UN number is told have none."""
    return tuple(sorted({told for each in stay.dangerous.split() if (told := each.partition("/")[0])}))


def spots_of(reports: Iterable[Report]) -> tuple[Spot, ...]:
    """Where live reports tell that a box stood, in time order."""
    return in_time(
        Spot(
            report.place,
            report.area,
            Mark(
                at=report.occurred_at,
                event=report.event,
                report_id=report.report_id,
                received_at=report.received_at,
                precision=report.precision,
                publisher=report.publisher,
                reports=(report.report_id,),
            ),
        )
        for report in reports
        if report.area and report.classifier == "actual" and report.occurred_at is not None
    )


def in_time(spots: Iterable[Spot]) -> tuple[Spot, ...]:
    """Spots in the order in which they hold."""
    return tuple(sorted(spots, key=lambda spot: (spot.mark.at, spot.mark.received_at, spot.mark.report_id)))


def during(stay: Stay, spots: Sequence[Spot]) -> tuple[Spot, ...]:
    """Of a box's spots those of one stay, each only where the area is another than before."""
    found: list[Spot] = []
    for spot in spots:
        within = spot.place == stay.place and spot.mark.at >= stay.opened_at and (stay.left_at is None or spot.mark.at < stay.left_at)
        if within and (not found or found[-1].area != spot.area):
            found.append(spot)
    return tuple(found)


def meet(stay: Stay, other: Stay) -> bool:
    """Whether two stays of different boxes at one place have time in common."""
    if stay.equipment == other.equipment or stay.place != other.place:
        return False
    return (stay.left_at is None or other.opened_at < stay.left_at) and (other.left_at is None or stay.opened_at < other.left_at)


def beside(
    stays: Iterable[Stay], others: Mapping[str, Sequence[Stay]], spots: Mapping[str, Sequence[Spot]]
) -> dict[str, tuple[Neighbour, ...]]:
    """stay id -> its neighbours, in the order in which they came. `others`: boxes -> their stays; `spots`: boxes -> where they stood."""
    found: dict[str, tuple[Neighbour, ...]] = {}
    for stay in stays:
        if stay.dangerous:
            near = [one for each in others.values() for one in each if one.dangerous and meet(stay, one)]
            near.sort(key=lambda one: (one.opened_at, one.stay_id))
            found[stay.stay_id] = tuple(Neighbour(one, during(one, spots.get(one.equipment, ()))) for one in near)
    return found


def stood(stay: Stay, spots: Sequence[Spot]) -> Iterator[tuple[Spot, datetime | None]]:
    """Each spot of a stay and until when it stood there; None: it still does."""
    for n, spot in enumerate(spots):
        yield spot, spots[n + 1].mark.at if n + 1 < len(spots) else stay.left_at
