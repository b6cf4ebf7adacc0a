"""Memory of `app.py ingest` on one big file.

    python -m tests.bench.memory [--megabytes 1000] [--database sqlite|postgresql|both]

Writes one CODECO interchange of so many megabytes, one box a message, and reads it with the real command in a process of its own, judging
at the end as the command does. The resident memory of that process is looked at twenty times a second; what is printed is the most it
was, in all and in each tenth of the time (a reader that keeps what it has read climbs), and records a second.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

import psutil

from data.settings import REPOSITORY
from tests.bench.ingest import AREAS, PLACE
from tests.bench.where import CHOICES, chosen, database
from zones.codes import check_digit

ALLOWED_MB = 400
BOXES = 200_000  # each comes, and goes when all others have come
PAUSE_S = 3  # between two boxes
LOOK_S = 0.05
TEXT = "SYNTHETIC ROW OF A MEASUREMENT WITH SOME TEXT TO FILL THE MESSAGE UP TO A USUAL SIZE OF A FEW HUNDRED BYTES"


def message(n: int, at: datetime) -> str:
    """The nth message: one box through the gate."""
    first, when = f"ZZDU{n % BOXES:06d}", f"{at:%Y%m%d%H%M}"
    code = "36" if n // BOXES % 2 else "34"
    body = (
        f"BGM+{code}+D{n}+9", f"DTM+137:{when}:203", "TDT+1++3+31", "LOC+165+XXBEN:139:6", "NAD+MS+B1", "NAD+CF+DMK:160:20",
        f"EQD+CN+{first}{check_digit(first)}+45G1:102:5++3+5", f"RFF+BN:BK{n}", f"RFF+BM:BL{n // 40}", f"DTM+7:{when}:203",
        "MEA+AAE+G+KGM:24000", f"SEL+S{n}+CA", f"FTX+AAA+++{TEXT}", f"TDT+1++3+31+++++00D-{n % 1000:03d}.11", "CNT+16:1",
    )  # fmt: skip
    segments = (f"UNH+{n + 1}+CODECO:D:95B:UN:ITG14", *body, f"UNT+{len(body) + 2}+{n + 1}")
    return "'\n".join(segments) + "'\n"


def messages(count: int, until: datetime) -> Iterator[str]:
    """So many messages, the last of them at `until`."""
    began = until - timedelta(seconds=PAUSE_S * count)
    yield from (message(n, began + timedelta(seconds=PAUSE_S * n)) for n in range(count))


def write(to: IO[str], count: int, until: datetime) -> None:
    """One interchange."""
    to.write("UNB+UNOA:2+B1:ZZZ+CUS:ZZZ+260101:0000+BIG1'\n")
    to.writelines(messages(count, until))
    to.write(f"UNZ+{count}+BIG1'\n")


def prepare(home: Path) -> None:
    """A HOME with the one place of the measurements, which takes what is as old as the file."""
    place = home / "places" / "bench-port"
    place.mkdir(parents=True)
    (place / "place.yaml").write_text(f"{PLACE}horizon: 400d\n")
    (place / "areas.geojson").write_text(AREAS)
    (home / "limits").mkdir()
    (home / "limits" / "bench.yaml").write_text("jurisdiction: bench\nlimits: []\n")


def run(environment: dict[str, str], *command: str) -> tuple[list[float], dict[str, Any]]:
    """A command of the front door: the megabytes it took at each look, and the document it printed. Errors: SystemExit where it fails."""
    started = subprocess.Popen([sys.executable, str(REPOSITORY / "app.py"), *command], env=environment, stdout=subprocess.PIPE, text=True)
    took: list[float] = []
    seen = psutil.Process(started.pid)
    while started.poll() is None:
        try:
            took.append(seen.memory_info().rss / 1e6)
        except psutil.NoSuchProcess:
            break
        time.sleep(LOOK_S)
    said = started.stdout.read() if started.stdout else ""
    if started.wait() != 0:
        sys.exit(f"app.py {' '.join(command)}: exit code {started.returncode}\n{said}")
    return took, json.loads(said)


def measure(name: str, megabytes: float, folder: Path) -> bool:
    """Write, read, print; True if it stayed within what is allowed."""
    home, until = folder / name, datetime.now(UTC)
    prepare(home)
    count = max(int(megabytes * 1e6 / len(message(1_000_000, until))), 1)
    file = folder / f"{name}.edi"
    with file.open("w", encoding="ascii") as to:
        write(to, count, until)
    size = file.stat().st_size / 1e6
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ZONEWATCH_")}
    with database(name) as url:
        environment = kept | {"ZONEWATCH_HOME": str(home), "ZONEWATCH_DATABASE_URL": url}
        run(environment, "migrate", "--json")
        began = time.monotonic()
        took, said = run(environment, "ingest", "--feed", "bench-gate", str(file), "--json")
        seconds = time.monotonic() - began
    file.unlink()
    total = said["total"]
    assert total["reports"] == count, f"{count:,} messages were written: {total}"
    tenths = " ".join(f"{max(took[len(took) * n // 10 : len(took) * (n + 1) // 10] or [0.0]):.0f}" for n in range(10))
    print(f"{name:<11} {size:>7,.0f} MB  {count:>9,} messages  {seconds:>7.0f} s  {count / seconds:>7,.0f} records/s", flush=True)
    print(f"{name:<11} peak {max(took):,.0f} MB resident (allowed: {ALLOWED_MB}); by tenths of the time: {tenths}")
    return max(took) <= ALLOWED_MB


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=float, default=1000)
    parser.add_argument("--database", choices=CHOICES, default="sqlite")
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="zonewatch-bench-") as folder:
        held = [measure(name, said.megabytes, Path(folder)) for name in chosen(said.database)]
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
