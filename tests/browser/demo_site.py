"""Running applications on the demo port: one gate of two days with what could not be read of it; and the whole port, small, judged."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from data import clock, first
from data.declared import load
from data.demo import write
from data.pull import ingest
from data.settings import Settings
from tests.browser.window import Site, build

NOW = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)
VISITS = "Container No;ISO;F/E;In;Out;Dir;Truck;Gate;Lane;Seals;Gross kg;B/L;Line;Sealed by;Seal kind;Block;IMO\n"


def one_gate(home: Path) -> Site:
    """What one gate sent in two days, a message that breaks off, one whose reference was used before, and one with a time that is none."""
    write(home, seed=1, days=2, ending=NOW)
    site = _built(home)
    files = sorted((home / "feeds" / "dt1-gate").glob("*.edi"))
    broken = home / "broken-off.edi"
    broken.write_bytes(files[-1].read_bytes()[:-30])
    once = next(file for file in files if b"BGM+36+" in file.read_bytes() and file.read_bytes().count(b"+22G1:") == 1)
    twice = home / "twice.edi"
    twice.write_bytes(once.read_bytes().replace(b"+22G1:", b"+45G1:"))
    row = home / "no-time.csv"
    row.write_text(VISITS + "ZZDU4839211;22G1;F;31.02.2026 25:61;;E;;;;;;;;;;;\n")
    for feed, sent in (("dt1-gate", [*files, broken, twice]), ("dt2-gate", [row])):
        ingest(site.store, load(site.settings), feed, sent, "mtime", NOW, site.settings)
    return site


def whole_port(home: Path) -> Site:
    """Ten days of every source, fewer boxes than in the demo, judged: every panel has something to show."""
    write(home, seed=1, days=10, scale=0.1, ending=NOW)
    site = _built(home)
    (home / "demo").mkdir(exist_ok=True)
    first.take_history(site.settings, site.store, load(site.settings), lambda _: None)
    return site


def _built(home: Path) -> Site:
    clock.start_demo(home, NOW)
    settings = Settings.load({"ZONEWATCH_HOME": str(home), "ZONEWATCH_DEMO": "1"}, home)
    return build(home, load(settings))
