"""The synthetic port: four invented places whose sources tell, seeded and deterministic, of a physical truth we know.

    plan.py    what really happens: ships call, boxes come, are held, released, leave; offences are planted
    tell.py    which source tells what, and when: late, twice, out of order, corrected, broken
    write.py   the texts: CODECO, COARRI, CSV
    truth.py   the planted offences, for whoever checks that all of them and nothing else is found
    follow.py  goes on from where it stopped, in simulated time
    ground.py  the declarations of the places and the law of the demo

The same seed, days, scale and ending give the same bytes and the same file times.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from data.demo import ground


def write(to: Path, *, seed: int = 1, days: int = 30, scale: float = 1.0, ending: datetime) -> dict[str, Any]:
    """Write places, limits, feeds and truth.json below `to`, up to `ending` (aware). Every file's time is its delivery."""
    start = ending - timedelta(days=days)
    written = ground.declarations(to, start, (start + timedelta(days=12), start + timedelta(days=13)))
    for name, text in written.items():
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return {"files": len(written)}
