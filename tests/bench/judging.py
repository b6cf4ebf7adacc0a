"""Judging against deriving: all there is from nothing, and one pull when the history is ten times as long.

    python -m tests.bench.judging [--reports 1000000] [--database sqlite]

Every rule is on: a place that declares all limits. The history of `tests.bench.history` is derived, then judged for the first time, which
judges every box; then some pulls of 2,000 rows are derived and judged, and again when the history is ten times as long. Ratios of one run.
"""

from __future__ import annotations

import argparse
from statistics import median

from data import clock
from data.judge import judge
from data.store import tables as t
from data.store.engine import open_store
from tests.bench import history, ingest, where
from tests.bench.history import History
from zones.episode import ALWAYS
from zones.rules import measured, rules

PULLS = 5
LEAST_OF_DERIVING, MOST_OF_SHORTER = 0.5, 1.5


def limits() -> list[str]:
    """The limits of time that the place of the bench does not declare itself, of all rules that have what they need there: where nobody
    announces anything, everything would be off the lists."""
    there = [rule for rule in rules().values() if rule.NEEDS <= {"gate", "quay", "yard", "customs"}]
    every = {name for rule in there for name in rule.STEPS if name != ALWAYS} - measured().keys()
    return sorted(every - {"import_dwell_warn", "import_dwell_high"})


def pull(past: History) -> float:
    """Seconds that a pull of 2,000 rows takes: the median of some."""
    took = []
    for _ in range(PULLS):
        said = ingest.rows(past.world, past.world.feed("bench-gate"), past.reports, min(ingest.BATCH, past.boxes // 4))
        before = past.deriving
        past._take(said, last=past.reports)
        past.reports += len(said)
        began = clock.monotonic()
        judge(past.store, past.world, past.at)
        took.append(past.deriving - before + clock.monotonic() - began)
    return median(took)


def measure(url: str, reports: int, times: int) -> bool:
    """Print both figures; whether they are what they should be."""
    store = open_store(url)
    t.metadata.create_all(store.writer)
    past = History(store, reports, history.world(limits()))
    past.fill(1)
    ratio = past.deriving / past.judging
    print(f"{store.dialect:<11} {past.reports:>10,} reports, {len(rules())} rules: derived {past.reports / past.deriving:,.0f}/s, "
          f"judged from nothing {past.reports / past.judging:,.0f}/s: {ratio:.2f} (at least {LEAST_OF_DERIVING})")  # fmt: skip
    short = pull(past)
    n = past.reports
    past.fill(times)
    long = pull(past)
    print(f"{store.dialect:<11} a pull of {ingest.BATCH:,} rows: {short * 1000:.0f} ms with {n:,} reports, {long * 1000:.0f} ms with "
          f"{past.reports:,}: {long / short:.2f} (at most {MOST_OF_SHORTER})")  # fmt: skip
    store.close()
    return ratio >= LEAST_OF_DERIVING and long / short <= MOST_OF_SHORTER


def main() -> int:
    """0 if both figures are what they should be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--database", choices=where.CHOICES, default="sqlite")
    said = parser.parse_args()
    held = []
    for name in where.chosen(said.database):
        with where.database(name) as url:
            held.append(measure(url, said.reports, said.times))
    return 0 if all(held) else 1


if __name__ == "__main__":
    raise SystemExit(main())
