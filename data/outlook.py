"""What the rules will have to say of a stay, and from when on, if nothing more is told: a box is judged when there is something to find.

A report in time order changes a stay and nothing else. Where no rule finds anything of that stay that has begun, neither as it was
nor as it is now, judging the box would change nothing: it is enough to look again when the first thing begins (table `due`).
"""

from __future__ import annotations

from datetime import datetime

from zones.rules import rules
from zones.stay import Stay
from zones.subject import BOX, STAY, StayFacts
from zones.world import World


class Outlook:
    """The rules, asked ahead. `across`: whether all rules about a box speak only of one known at two places or more."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.about_stays = [rule for rule in rules().values() if rule.SUBJECT == STAY]
        self.across = all(getattr(rule, "ACROSS", False) for rule in rules().values() if rule.SUBJECT == BOX)

    def of(self, stay: Stay) -> datetime | None:
        """The first beginning of anything a rule says of the stay of a box on which customs has not spoken; None for nothing, ever."""
        facts, law = StayFacts(stay), self.world.law(stay.place)
        return min((episode.began_at for rule in self.about_stays for episode in rule.episodes(facts, law)), default=None)
