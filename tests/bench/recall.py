"""What is planted in the demo port is found, and nothing else; whatever the schedule of pulls.

    python -m tests.bench.recall [--days 90] [--schedules 200]

First ninety days of the demo, taken in whole: for each rule how many offences are planted, how many of them found, what was missed and
what was found that nobody planted, by severity. Then a smaller demo taken in by pulls at random moments, some feeds late by chance, judged
after each: the alerts that stand in the end must be the same over all schedules.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from data import demo
from data.demo.planted import NOT_PLANTED
from data.settings import Settings
from data.store import tables as t
from data.store.engine import open_store
from tests.store.demo_port import declared_in, loaded, planted, raised, scheduled, spells
from zones.rules import rules

ENDING = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
LEAST_PLANTED = 20
SMALL = {"seed": 3, "days": 8, "scale": 0.4}


def recall(home: Path, days: int) -> bool:
    """Print the table of the first figure; whether all is found and nothing else."""
    store, _ = loaded(Settings.load({"ZONEWATCH_HOME": str(home)}, home), 1, days, ENDING)
    truth, alerts = planted(home), raised(store)
    print(f"{'rule':<40} planted  found  missed  not planted (act now, today, queue)")
    held = True
    for rule in rules():
        if rule in NOT_PLANTED:
            print(f"{rule:<40} not planted: {NOT_PLANTED[rule]} (tests/store/test_closings.py)")
            continue
        meant = {key for key in truth if key[0] == rule}
        found = {key for key in alerts if key[0] == rule}
        beside = Counter(str(alerts[key]["severity"]) for key in found - meant)
        print(f"{rule:<40} {len(meant):>7} {len(meant & found):>6} {len(meant - found):>7}  "
              f"{beside['act_now']}, {beside['today']}, {beside['queue']}")  # fmt: skip
        for missed in sorted(meant - found):
            print(f"    missed: {missed[1]} {missed[2].isoformat()} {truth[missed]['note']}")
        for more in sorted(found - meant):
            print(f"    not planted: {more[1]} {more[2].isoformat()} {alerts[more]['severity']}")
        held &= meant <= found and not beside["act_now"] and not beside["today"] and (days < 90 or len(meant) >= LEAST_PLANTED)
    store.close()
    return held


def schedules(home: Path, n: int) -> bool:
    """Print how many of the schedules came to the same alerts; whether all did."""
    demo.write(home, ending=ENDING, **SMALL)  # type: ignore[arg-type]
    first: set[object] = set()
    other = 0
    for seed in range(n):
        with tempfile.TemporaryDirectory(prefix="zonewatch-schedule-") as folder:
            environ = {"ZONEWATCH_HOME": str(home), "ZONEWATCH_DATABASE_URL": f"sqlite:///{folder}/s.db"}
            own, world = declared_in(Settings.load(environ, home))
            store = open_store(own.database_url)
            t.metadata.create_all(store.writer)
            scheduled(own, world, store, Random(seed), ENDING)
            found = set(spells(store))
            store.close()
        first = first or found
        if found != first:
            other += 1
            print(f"schedule {seed}: {sorted(found ^ first, key=str)[:4]}")
        print(f"\r{seed + 1} schedules", end="", file=sys.stderr)
    print(f"\n{n} random schedules of pulls, {len(first)} alerts: {n - other} alike, {other} otherwise")
    return other == 0


def main() -> int:
    """0 if both hold."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--schedules", type=int, default=200)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zonewatch-recall-") as one, tempfile.TemporaryDirectory(prefix="zonewatch-small-") as other:
        return 0 if all((recall(Path(one), said.days), schedules(Path(other), said.schedules))) else 1


if __name__ == "__main__":
    raise SystemExit(main())
