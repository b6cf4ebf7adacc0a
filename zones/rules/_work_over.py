"""When the work at a call of a ship was over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from zones.episode import ALWAYS, Step
from zones.landing import CallFacts
from zones.limits import Law
from zones.rules._over import over
from zones.stay import Mark

End = tuple[datetime, Step, Mark, str]  # from when on, the step, what says so, of which box ("": of the ship)


def work_over(facts: CallFacts, law: Law, window: str, severities: Mapping[str, str]) -> End | None:
    """From when the ship was told to have left and nothing more was discharged, or from when nothing was for as long as the limit
    `window`, whichever came first. None: not over, or nothing was ever discharged and nobody told of the ship's leaving."""
    work = sorted(facts.landed.values(), key=lambda one: (one.mark.at, one.mark.report_id))
    found: list[End] = []
    for one, following in pairwise([*work, None]):
        if one is not None:
            spells = over(law, window, severities[window], one.mark, following.mark if following else None)
            found += [(began, steps[0], one.mark, one.equipment) for began, _, steps in spells]
    if facts.departed is not None:
        at = max([facts.departed.latest, *(one.mark.at for one in work)])
        found.append((at, Step(ALWAYS, severities[ALWAYS], at), facts.departed, ""))
    return min(found, key=lambda one: one[0], default=None)
