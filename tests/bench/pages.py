"""What each page asks, timed with a history and with ten times that history; the same place, as many boxes inside.

    python -m tests.bench.pages [--reports 100000] [--database sqlite|postgresql|both]

For each question of each page the median in ms at --reports and at ten times as many, asked in turn, and the ratio; then each page as a
whole, one question after the other. Ten times the history should cost at most 1.5 times: what does not hold that is marked, unless it is a
matter of less than 2 ms. From one run on one machine; never a test (the plans are: tests/store/test_plans_pages.py).
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from data.people import Actor
from data.queries import (
    agreement,
    alert,
    alerts,
    calls,
    container,
    dwell,
    expected,
    health,
    live,
    message,
    overview,
    place,
    queue,
    rhythm,
    search,
    sources,
    throughput,
    vehicles,
    yard,
)
from data.queries.alerts import Asked
from data.settings import Settings
from data.store import tables as t
from data.store.engine import open_store
from tests.bench.history import PORT, History
from tests.bench.where import CHOICES, chosen, database

TIMES = 10
MOST = 1.5
UNKNOWN = "ZZDU9999997"  # a number that nobody told of
NOTHING_MS = 2.0  # a difference of less is the machine's mood
ROUNDS = 9
PATIENCE_S = 3.0  # a question is not asked again after so long
Question = Callable[[], Any]


def questions(history: History, settings: Settings) -> dict[tuple[str, str], Question]:
    """(page, question) -> what the page's callbacks ask, as a supervisor of everything, without filters unless said."""
    s, w, now = history.store, history.world, history.at
    who = Actor("chi", "chi", "supervisor")
    last = history.latest
    inside, held, one = _box(history, "inside"), _box(history, "held"), _alert(history)
    many = [history.number(which, 0) for which in range(200)]
    since = (now - timedelta(hours=47)).date()
    no = place.Filters()

    def asked(**fields: Any) -> Question:
        return lambda: alerts.queue(s, who, now, Asked(**fields))

    def queued(**fields: Any) -> Question:
        return lambda: queue.show(s, who, w, now, queue.Asked(**fields))

    def there(what: Callable[..., Any], *more: Any) -> Question:
        return lambda: what(s, who, w, PORT, now, *more)

    def found(text: str) -> Question:
        return lambda: search.find(s, who, w, text, now)

    def by_time(of: Any, **fields: Any) -> Question:
        return lambda: of.by_time(s, who, w, now, **fields)

    return {
        ("every page", "what is new"): lambda: live.look(s, who, now),
        ("overview", "places"): lambda: overview.overview(s, who, w, now),
        ("overview", "worst alerts"): asked(),
        ("place", "head"): there(place.head),
        ("place", "alerts"): asked(place=PORT),
        ("place", "areas"): there(place.areas, no),
        ("place", "48 hours"): by_time(throughput, places=(PORT,), kind="hour", first=since),
        ("place", "yard count"): lambda: yard.counts(s, who, w, PORT),
        ("place", "expected in 24 hours"): lambda: expected.expected(s, who, w, PORT, now),
        ("place", "inside"): there(place.inside, no, 1),
        ("place", "inside, page 50"): there(place.inside, no, 50),
        ("place", "inside, held, older than 7 days"): there(place.inside, place.Filters(held="yes", older="7"), 1),
        ("place", "held"): there(place.held),
        ("place", "data to, lines"): lambda: (place.data_to(s, who, w, PORT, now), place.lines(s, who, PORT)),
        ("container", "one that is inside"): lambda: container.history(s, who, w, inside, now),
        ("container", "one that is held"): lambda: container.history(s, who, w, held, now),
        ("container", "one nobody told of"): lambda: container.history(s, who, w, UNKNOWN, now),
        ("container", "what it may have been"): lambda: search.alike(s, who, w, UNKNOWN, now),
        ("search", "200 numbers"): lambda: container.listed(s, who, w, many, now),
        ("search", "a number"): found(inside),
        ("search", "four digits"): found(inside[-4:]),
        ("search", "six digits"): found(inside[4:10]),
        ("search", "a plate"): found("15C-123.45"),
        ("search", "a plate of many"): found("15C-00123"),
        ("search", "a seal"): found(last["seals"]),
        ("search", "a bill"): found(last["bill"]),
        ("search", "nothing like it"): found("nothing like it"),
        ("throughput", "hours"): by_time(throughput, kind="hour"),
        ("throughput", "14 days"): by_time(throughput, kind="day"),
        ("throughput", "12 weeks"): by_time(throughput, kind="week", split="direction"),
        ("dwell", "14 days"): by_time(dwell, kind="day"),
        ("dwell", "12 weeks"): by_time(dwell, kind="week"),
        ("dwell", "inside"): lambda: dwell.inside(s, who, w, now),
        ("alerts", "open"): queued(),
        ("alerts", "open, one rule"): queued(rule="import_overstay"),
        ("alerts", "open, by call of a ship"): queued(by="call"),
        ("alerts", "shelved"): queued(list="shelved"),
        ("alerts", "ended"): queued(list="ended"),
        ("alerts", "closed"): queued(list="closed"),
        ("vehicles", "24 hours"): lambda: vehicles.vehicles(s, who, w, now),
        ("vehicles", "7 days"): lambda: vehicles.vehicles(s, who, w, now, first=(now - timedelta(days=6)).date(), last=now.date()),
        ("calls", "6 days"): lambda: calls.calls(s, who, w, now),
        ("alert", "one alert"): lambda: alert.one(s, who, w, settings, one, now),
        ("sources", "feeds"): lambda: sources.sources(s, who, w, now),
        ("sources", "worker, identities"): lambda: (sources.worker(s, who, now), sources.identities(s, who)),
        ("sources", "books"): lambda: sources.books(s, who, w),
        ("sources", "unreadable"): lambda: sources.problems(s, who, w),
        ("sources", "unclassified"): lambda: sources.unclassified(s, who, w),
        ("sources", "agreement"): lambda: agreement.agreement(s, who, w, now),
        ("source", "lag"): lambda: health.late(s, who, w, last["feed"], now),
        ("source", "rejected"): lambda: health.rejected(s, who, w, last["feed"], now),
        ("source", "numbering"): lambda: health.numbering(s, who, w, last["feed"], now),
        ("source", "columns, codes"): lambda: (health.layouts(s, who, w, last["feed"]), health.unknown(s, who, w, last["feed"])),
        ("source", "hours of the week"): lambda: rhythm.rhythm(s, who, w, last["feed"], now),
        ("message", "one message"): lambda: message.seen(s, who, w, last["message_id"], settings.home),
    }  # fmt: skip


def _box(history: History, which: str) -> str:
    """A box that is inside (and held)."""
    asked = sa.select(t.stay.c.equipment).where(t.stay.c.left_at.is_(None)).order_by(t.stay.c.opened_at.desc()).limit(1)
    with history.store.read(patient=True) as conn:
        found = conn.execute(asked.where(t.stay.c.held != "") if which == "held" else asked).scalar()
    return str(found or UNKNOWN)


def _alert(history: History) -> str:
    with history.store.read(patient=True) as conn:
        return str(conn.execute(sa.select(t.alert.c.alert_id).order_by(t.alert.c.known_at.desc()).limit(1)).scalar() or "none")


def milliseconds(*questions: Question) -> list[float]:
    """The median of each, asked in turn, so that the machine's moods fall on all alike; the first round does not count."""
    took: list[list[float]] = [[] for _ in questions]
    for _ in range(ROUNDS + 1):
        for question, own in zip(questions, took, strict=True):
            began = time.perf_counter()
            question()
            own.append(time.perf_counter() - began)
        if sum(map(sum, took)) > PATIENCE_S:
            break
    return [statistics.median(own[1:] or own) * 1000 for own in took]


def measure(name: str, reports: int) -> bool:
    """Fill two databases, one ten times as long as the other, and ask both in turn; True if all that matters held."""
    with ExitStack() as open_:
        asked: list[dict[tuple[str, str], Question]] = []
        sizes = []
        for times in (1, TIMES):
            folder = Path(open_.enter_context(tempfile.TemporaryDirectory(prefix="zonewatch-bench-")))
            url = open_.enter_context(database(name))
            settings = Settings.load({"ZONEWATCH_HOME": str(folder), "ZONEWATCH_DATABASE_URL": url}, folder)
            store = open_.enter_context(closing(open_store(url)))
            t.metadata.create_all(store.writer)
            history = History(store, reports)
            history.fill(times)
            asked.append(questions(history, settings))
            sizes.append(f"{history.reports:,}")
            print(f"{name}: {', '.join(f'{n:,} {what}' for what, n in _counted(history).items())}", flush=True)
        short, long = asked
        return show(name, sizes, {key: milliseconds(short[key], long[key]) for key in short})


def _counted(history: History) -> dict[str, int]:
    """How much there is, to see that both sizes are of the same place."""
    s, a = t.stay.c, t.alert.c
    asked = {
        "reports": sa.select(sa.func.count()).select_from(t.report),
        "facts": sa.select(sa.func.count()).select_from(t.fact),
        "inside": sa.select(sa.func.count()).where(s.left_at.is_(None)),
        "of them held": sa.select(sa.func.count()).where(s.left_at.is_(None), s.held != ""),
        "alerts": sa.select(sa.func.count()).select_from(t.alert),
        "of them so": sa.select(sa.func.count()).where(a.condition.in_(("active", "unverified"))),
    }
    with history.store.read(patient=True) as conn:
        return {name: int(conn.execute(question).scalar_one()) for name, question in asked.items()}


def show(name: str, sizes: list[str], told: dict[tuple[str, str], list[float]]) -> bool:
    """Print question by question and page by page."""
    print(f"\n{name:<11} {'':<34} {sizes[0]:>12} {sizes[1]:>12}   ratio")
    slow = [_line(*key, *took) for key, took in told.items()]
    print()
    for page in dict.fromkeys(page for page, _ in told):
        own = [took for (of, _), took in told.items() if of == page]
        _line(page, "(all of it)", sum(short for short, _ in own), sum(long for _, long in own))
    print(f"{name}: {sum(slow)} of {len(slow)} questions over {MOST} times\n", flush=True)
    return not any(slow)


def _line(page: str, question: str, short: float, long: float) -> bool:
    over = long / short > MOST and long - short > NOTHING_MS
    print(f"{page:<11} {question:<34} {short:>9.1f} ms {long:>9.1f} ms {long / short:>7.2f}{'   over' if over else ''}")
    return over


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=100_000, help="of the shorter history")
    parser.add_argument("--database", choices=CHOICES, default="both")
    said = parser.parse_args()
    for name in chosen(said.database):
        measure(name, said.reports)


if __name__ == "__main__":
    main()
