"""What rules about the time of goods share: for how long what one line let in was there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from zones.entry import Entry
from zones.lot import LotFacts, Presence
from zones.rules._spells import Readings


class Inside(Struct, frozen=True):
    """Goods that the line `source` let in, without a break there under a status that counts. `by`: the line by which they came to one
    (`source` itself as a rule); `until`: when the last of them were gone or under another, None while some are there. `lot`, `owner`:
    those that they had first."""

    source: Entry
    by: Entry
    until: Readings | None
    lot: str
    owner: str

    @property
    def came(self) -> Readings:
        """When the line that let them in may have been."""
        return self.source.at, self.source.latest

    def told(self, facts: LotFacts) -> dict[str, Any]:
        """What an alert says of them in any case."""
        return {"lot": self.lot, "owner": self.owner or None, "operator": facts.keeper, "place": facts.place}


def inside(facts: LotFacts, counts: Callable[[str], bool]) -> Iterator[Inside]:
    """Of each line that let goods in the stretches in which some of them were there under a status that counts, oldest first. Moved to
    another area or owner they are the same goods still; taken out by halves, they are there until the last."""
    by_source: dict[str, list[Presence]] = {}
    for presence in facts.presences:
        if counts(presence.layer.status):
            by_source.setdefault(presence.source.entry_id, []).append(presence)
    for own in by_source.values():
        stretch: list[Presence] = []
        for presence in own:
            ends = _ends(stretch)
            if stretch and ends is not None and presence.since > ends[0]:
                yield _told(stretch)
                stretch = []
            stretch.append(presence)
        yield _told(stretch)


def _ends(stretch: list[Presence]) -> Readings | None:
    last = [presence.gone_by for presence in stretch if presence.gone_by is not None]
    if len(last) < len(stretch) or not last:
        return None
    return max(line.at for line in last), max(line.latest for line in last)


def _told(stretch: list[Presence]) -> Inside:
    first = stretch[0]
    return Inside(first.source, first.by, _ends(stretch), first.layer.lot, first.layer.owner)
