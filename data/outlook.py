"""How long no rule has anything to say of a stay that simply goes on: a box is judged when there is something to find.

A rule about stays or plans may tell its `quiet` time under a law: for so long after the opening of a stay it says nothing of it, neither
while the box is inside nor after it left, as long as customs has not spoken of the box and nothing was announced or declared of it
(data/words.py). A stay within the shortest of these is not judged; when it passes it, it is. A rule that does not tell one is always asked.
What of a stay itself makes a rule speak in its quiet time (`speaks_of`) has it judged at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.store import tables as t
from zones.rules import rules
from zones.stay import Stay
from zones.subject import BOX, PLAN, STAY
from zones.world import World

NEVER = timedelta.max


class Outlook:
    """What the rules of a world need not be asked. `across`: all rules about a box speak only of one known at two places or more."""

    def __init__(self, world: World) -> None:
        about_stays = [rule for rule in rules().values() if rule.SUBJECT in (STAY, PLAN)]
        self.across = all(getattr(rule, "ACROSS", False) for rule in rules().values() if rule.SUBJECT == BOX)
        self.speaking = [rule.speaks_of for rule in about_stays if hasattr(rule, "speaks_of")]
        self.quiet: dict[str, timedelta] = {}
        for place in world.places:
            law = world.law(place)
            told = (rule.quiet(law) if hasattr(rule, "quiet") else timedelta() for rule in about_stays)
            self.quiet[place] = min((NEVER if quiet is None else quiet for quiet in told), default=NEVER)

    def silent(self, stay: Stay, now: datetime) -> bool:
        """Whether nothing is to be said of the stay by now, nor was before it left, nor ever will be if it has."""
        if any(speaks_of(stay) for speaks_of in self.speaking):
            return False
        left = stay.exit.latest if stay.exit else stay.left_at
        return (now if left is None else max(now, left)) - stay.opened_at < self.quiet[stay.place]

    def passed(self, conn: Connection, after: datetime, at: datetime) -> Iterator[str]:
        """Boxes inside whose stay passed its quiet time after the one moment and by the other."""
        s = t.stay.c
        for place, quiet in self.quiet.items():
            if quiet < NEVER:
                opened = sa.and_(s.opened_at > after - quiet, s.opened_at <= at - quiet)
                yield from conn.execute(sa.select(s.equipment).where(s.place == place, s.left_at.is_(None), opened)).scalars()

    def next(self, conn: Connection, after: datetime) -> datetime | None:
        """When the next stay passes its quiet time."""
        s = t.stay.c
        found = []
        for place, quiet in self.quiet.items():
            if quiet < NEVER:
                first = sa.select(sa.func.min(s.opened_at)).where(s.place == place, s.left_at.is_(None), s.opened_at > after - quiet)
                if (opened := conn.execute(first).scalar()) is not None:
                    found.append(opened + quiet)
        return min(found, default=None)
