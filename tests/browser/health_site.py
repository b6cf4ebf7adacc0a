"""A running application with sources that are not well: one stopped, one with gaps and a shifted clock, one heard for five weeks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from data import clock
from data.feeds import HeadingRecord
from data.keep import Keeper, News
from data.store import tables as t
from data.store.bulk import upsert
from tests.browser.window import Site, build
from tests.store.told import BOX, FACTS, GATE, Book, box, csv, document, edifact, local, small_world
from tests.store.told import clock as at
from zones.lag import bucket

NOW = at("d35 12:00")


def made(home: Path) -> tuple[Site, Book]:
    """The site, its clock standing at d35 12:00, and the book that may be told more."""
    site = build(home, small_world())
    book = Book(site.store, site.settings, home / "files", small_world(), now=NOW)
    _gate(book)
    _carrier(book)
    book.told_by("customs", "d34 09:00 hold", hold_ref="H1")
    rows = [[f"ZZDU{n:07}", "hold", "", "", "QUA", "H1", "25:61"] for n in range(60)]
    book.receive("customs", csv(FACTS, rows), "d35 08:00", name="changed.csv")
    book.told_by("customs", "d35 09:00 release", hold_ref="H1")
    book.judged("d35 12:00")
    clock.start_demo(home, NOW)
    return site, book


def _gate(book: Book) -> None:
    """EDIFACT with numbers that count up, but for four of them; since five days it tells everything seven hours late."""
    for number in (41, 42, 43, 46, 47, 48, 51, 52):
        day = f"d{30 + (number - 41) // 3}"
        text = document("34", [box(f"ZZDU{number:07}", f"{day} {number - 35:02}:00")])
        book.receive("gate", edifact("CODECO", [text], reference=f"{number:06}"), f"{day} {number - 35:02}:09")
    odd = document("99", [box(BOX, "d33 08:00")])
    book.receive("gate", edifact("CODECO", [odd], reference="000053"), "d33 20:00")
    days = [NOW.date() - timedelta(days=n) for n in range(1, 50)]
    lags = [{"feed": "gate", "day": day, "bucket": bucket(s + (25_200 if n < 5 else 0)), "reports": 60 - s // 20}
            for n, day in enumerate(days) for s in (-200, 60, 240, 500, 900) if day < NOW.date() - timedelta(days=6) or s > 0]  # fmt: skip
    with book.store.write() as conn:
        conn.execute(t.lag.delete().where(t.lag.c.feed == "gate"))
        upsert(conn, t.lag, lags, ("feed", "day", "bucket"), add=("reports",))


def _carrier(book: Book) -> None:
    """Heard every half hour by day for five weeks; its columns were changed; it confirms some of what the terminal says."""
    for day in range(30, 34):
        book.told_by("terminal", f"d{day} 08:00 gate_in", box=f"ZZDU{day:07}", seal="S1")
        values = {"equipment": f"ZZDU{day:07}", "event": "gate_in", "occurred_at": local(f"d{day} 08:0{day % 3}"), "seals": "S1"}
        if day != 31:
            book.receive("carrier", csv(GATE, [[values.get(name, "") for name in GATE]]), f"d{day} 08:10")
    times = [at(f"d{day} {hour:02}:{minute}") for day in range(35) for hour in range(6, 22) for minute in ("00", "30")]
    rows = []
    for n, one in enumerate(times):
        following = times[n + 1] if n + 1 < len(times) else None
        pause = int((following - one).total_seconds()) if following else None
        rows.append({"feed": "carrier", "heard_at": one, "receipt_id": f"r{n}", "next_at": following, "pause_s": pause})
    news = News()
    before, after = ("d33 20:00", ("box", "event", "gate_time")), ("d34 08:00", ("box", "event", "gatetime", "seal"))
    for number, (day, columns) in enumerate((before, after)):
        Keeper(book.world, book.world.feed("carrier"), f"h{number}", "r", at(day), at(day)).put(HeadingRecord(columns=columns), news)
    with book.store.write() as conn:
        conn.execute(t.hearing.delete().where(t.hearing.c.feed == "carrier"))
        conn.execute(t.hearing.insert(), rows)
        conn.execute(t.heading.insert(), news.headings)
