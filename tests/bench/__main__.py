"""All figures, one after the other: `python -m tests.bench [--quick] [NAME ...]`; `make bench` runs all of them at their full size.

Each is a program of its own with options of its own (`python -m tests.bench.pages --help`). Ratios and sizes count; times are of this
machine. Full size takes about an hour and 10 GB of the temporary folder; --quick a minute or two, and shows the way, not the figures.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from data.settings import REPOSITORY

# name -> (what it shows, options of a quick run); without options a bench runs at its full size
BENCHES: dict[str, tuple[str, tuple[str, ...]]] = {
    "reading": ("how fast readers read", ("--messages", "3000", "--rows", "5000")),
    "dcsa": ("DCSA events against a bare typed decode", ("--events", "20000")),
    "ingest": ("ingest against plain inserts", ("--present", "20000", "--rows", "6000")),
    "judging": ("judging against deriving, and with ten times the history", ("--reports", "5000", "--times", "3")),
    "goods": ("a ledger against plain inserts, and what was inside at any minute against now", ("--lines", "20000", "--rows", "6000")),
    "recall": ("what is planted is found, whatever the schedule of pulls", ("--days", "10", "--schedules", "3")),
    "pages": ("what each page asks, with ten times the history", ("--reports", "3000")),
    "triage": ("from a key to the settled page, in a browser", ("--reports", "5000", "--rounds", "5")),
    "memory": ("memory of reading one big file", ("--megabytes", "10")),
}


def main() -> int:
    """Run them; 0 if every one did what it should."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__, formatter_class=plain)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which (all when none is named): {', '.join(BENCHES)}")
    parser.add_argument("--quick", action="store_true", help="small sizes")
    said = parser.parse_args()
    if unknown := set(said.names) - set(BENCHES):
        parser.error(f"no bench {', '.join(sorted(unknown))}; there are {', '.join(BENCHES)}")
    results = []
    for name in said.names or BENCHES:
        what, quick = BENCHES[name]
        print(f"\n== {name}: {what}", flush=True)
        began = time.monotonic()
        command = [sys.executable, "-m", f"tests.bench.{name}", *(quick if said.quick else ())]
        code = subprocess.run(command, cwd=REPOSITORY, check=False).returncode
        results.append((name, code, time.monotonic() - began))
    print("\n" + "\n".join(f"{name:<9} {'done' if code == 0 else f'FAILED ({code})':<11} {took:7.1f} s" for name, code, took in results))
    return 0 if all(code == 0 for _, code, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
