"""How fast the readers read: no database, one process, CPU time.

    python -m tests.bench.reading [--messages 20000] [--rows 50000]

CODECO: messages of one box in one interchange, read into records. Where pydifact is installed, it splits the same messages into segments
(and no more than that) for comparison. CSV: a visit of a box a row (two records), a customs fact a row, a line of a yard list a row.
"""

from __future__ import annotations

import argparse
import importlib.util
import io
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from data.feeds import BoxRecord, FactRecord, formats
from tests.bench.ingest import box, world
from tests.bench.memory import write

AT = datetime(2026, 3, 1, tzinfo=UTC)
ROUNDS = 3
COLUMNS = {"equipment": "equipment", "as_of": "as_of", "area": "area"}


def interchange(count: int) -> bytes:
    """CODECO messages of one box."""
    text = io.StringIO()
    write(text, count, AT)
    return text.getvalue().encode()


def visits(count: int) -> bytes:
    """gate_csv, a row a visit."""
    rows = [
        f"{box(n % 20_000)},{_at(n)},{_at(n + 2000)},45G1,full,import,DMK,BL{n // 40},S{n},15C-{n % 1000:05d},24000" for n in range(count)
    ]
    head = "equipment,gate_in,gate_out,size_type,full_empty,direction,line,bill,seals,vehicle,gross_kg"
    return "\r\n".join((head, *rows, "")).encode()


def facts(count: int) -> bytes:
    """customs_csv, a row a fact."""
    rows = [f"{'release' if n % 2 else 'hold'},{box(n % 20_000)},BL{n // 40},,customs,H{n // 2},{_at(n)}" for n in range(count)]
    return "\r\n".join(("event,equipment,bill,declaration,agency,hold_ref,effective_at", *rows, "")).encode()


def lines(count: int) -> bytes:
    """yard_csv, a row a box."""
    return "\r\n".join(("equipment,as_of,area", *(f"{box(n)},2026-03-01 06:00,B{n % 12}" for n in range(count)), "")).encode()


def _at(n: int) -> str:
    return f"{AT - timedelta(minutes=40_000 - n % 30_000):%Y-%m-%d %H:%M}"


def read(name: str, raw: bytes, **options: Any) -> int:
    """How many records a format's reader makes of it."""
    module, place = formats()[name], world().place("bench-port")
    made = 0
    for part in module.split(raw):
        made += sum(isinstance(item, BoxRecord | FactRecord) for item in module.read(raw[part.start : part.end], place, options))
    return made


def pydifact(raw: bytes) -> int:
    """How many messages pydifact splits it into."""
    from pydifact.segmentcollection import Interchange

    return sum(1 for each in Interchange.from_str(raw.decode()).get_messages() if len(each.segments))


def best(what: Callable[[], int], expected: int) -> float:
    """The least CPU seconds of a few rounds."""
    spent = []
    for _ in range(ROUNDS):
        began = time.process_time()
        made = what()
        spent.append(time.process_time() - began)
        assert made == expected, f"{made} instead of {expected}"
    return min(spent)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--rows", type=int, default=50_000)
    said = parser.parse_args()
    n, raw = said.messages, interchange(said.messages)
    ours = n / best(lambda: read("codeco", raw), n)
    print(f"codeco       {ours:>9,.0f} messages of one box a CPU second   {ours * len(raw) / n / 1e6:.1f} MB/s")
    if importlib.util.find_spec("pydifact"):
        theirs = n / best(lambda: pydifact(raw), n)
        print(f"pydifact     {theirs:>9,.0f} messages, segments only   ours {ours / theirs:.2f} of it")
    else:
        print("pydifact     not installed: nothing to compare with")
    rows = said.rows
    tables: dict[str, tuple[bytes, int, dict[str, Any]]] = {
        "gate_csv": (visits(rows), 2 * rows, {}),
        "customs_csv": (facts(rows), rows, {}),
        "yard_csv": (lines(rows), rows, {"columns": COLUMNS}),
    }
    for name, (text, records, options) in tables.items():
        rate = rows / best(lambda name=name, text=text, options=options: read(name, text, **options), records)  # type: ignore[misc]
        print(f"{name:<12} {rate:>9,.0f} rows a CPU second   {rate * records / rows:,.0f} records")


if __name__ == "__main__":
    main()
