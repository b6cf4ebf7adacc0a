"""kill -9 while pulling: nothing is lost, nothing is doubled, nothing is half visible, and the next pull goes on by itself.

The pulls run in a process of their own that is killed: fifty times at any moment, and once after each single step that touches disk or
database. After every kill what is in the database must hold together; once a pull got through, everything must be as if nobody had
been killed.
"""

from __future__ import annotations

import gc
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from data import derive as deriving
from data import intake, pull, raw, settle
from data.judge import judge
from data.store import tables as t
from tests.pure.xlsx_made import zipped
from tests.store.receipts import receipts
from tests.store.told import GATE, PORT, ZONE_TEXT, Book, book, box, clock, csv, different, document, edifact, hasty, local, small_world

__all__ = ["book", "hasty"]
KILLS = 50
NOW = clock("d20 00:00")
KILLED = 137
FEEDS = ("gate", "quay", "carrier", "customs", "yard", "zone-gate")


@pytest.fixture
def site(hasty: None, book: Book, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Book:
    """A book whose sources are folders full of files, one of them of many rows, pulled in small transactions."""
    monkeypatch.setattr("data.intake.ROWS", 20)
    monkeypatch.setattr("data.intake.FILES", 4)
    monkeypatch.setattr("data.sources.folder.SETTLED_S", 0)
    book.world = small_world(PORT.replace("/srv/", f"{tmp_path}/srv/"), ZONE_TEXT.replace("/srv/", f"{tmp_path}/srv/"))
    book.now = NOW
    for feed in book.world.feeds:
        Path(feed.source).parent.mkdir(parents=True)
    for seed in range(3):
        for receipt in receipts(Random(seed)):
            name = f"{seed}-{receipt.name}{Path(book.world.feed(receipt.feed).source).suffix}"
            put(book, receipt.feed, name, receipt.content)
    rows = [[f"ZZDU{n:07}", "gate_in", local("d1 08:00"), "full", "", "", ""] for n in range(100)]
    put(book, "carrier", "many.csv", csv(GATE, rows))
    # An archive of members that take several transactions, one of which cannot be had; and two long interchanges in one file.
    parts = {f"{n}.csv": csv(GATE, [[f"ZZDU{n}{row:06}", *told[1:]] for row, told in enumerate(rows[:32])]) for n in range(1, 4)}
    put(book, "carrier", "packed.csv", zipped({**parts, "inner": zipped({"x": b"x"}), "last.csv": parts["1.csv"] + b"\r\n"}))
    boxes = {n: [box(f"ZZDU{n}{row:06}", "d1 09:00") for row in range(28)] for n in (4, 5)}
    put(book, "quay", "1-long.edi", b"".join(edifact("COARRI", [document("44", boxes[n])], reference=f"L{n}") for n in (4, 5)))
    return book


def put(book: Book, feed: str, name: str, content: bytes) -> None:
    (Path(book.world.feed(feed).source).parent / name).write_bytes(content)


def pulled(book: Book, feeds: tuple[str, ...] = FEEDS) -> None:
    """Every feed once; then judged."""
    for feed in feeds:
        pull.pull_feed(book.store, book.world, feed, NOW, book.settings)
    judge(book.store, book.world, NOW)


def apart(act: Callable[[], object], book: Book | None = None) -> int:
    """Start it in a process of its own, on connections of its own to the database of this book; the process id."""
    child = os.fork()
    if child == 0:
        gc.freeze()  # what other tests left behind is not ours to finalize: its threads are not here
        try:
            for engine in (book.store.reader, book.store.writer) if book else ():
                engine.dispose(close=False)  # those that are open belong to the other; what was compiled for them is as good for ours
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return child


def ended(child: int) -> int:
    """Its exit code; -9 if it was killed."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def whole(book: Book) -> dict[str, list[object]]:
    """What an undisturbed pull comes to. It is pulled here: those that are started apart know all statements then."""
    pulled(book)
    assert book.differences() == []
    return book.derived()


def holds_together(book: Book) -> None:
    """Whatever was committed adds up, and of a message that is said to be read every record is there."""
    assert book.differences(deep=False) == []


def test_fifty_kills_at_any_moment(site: Book) -> None:
    undisturbed = whole(site)
    site.emptied()
    began = time.monotonic()
    assert ended(apart(lambda: pulled(site), site)) == 0
    lasts = time.monotonic() - began
    site.emptied()
    rng, kills = Random(1), 0
    while kills < KILLS:
        child = apart(lambda: pulled(site), site)
        time.sleep(rng.uniform(0.01, lasts * 0.7))
        os.kill(child, signal.SIGKILL)
        if ended(child) != 0:
            kills += 1
            holds_together(site)
            continue
        assert different(undisturbed, site.derived()) == ""
        site.emptied()
    assert ended(apart(lambda: pulled(site), site)) == 0
    assert different(undisturbed, site.derived()) == ""
    assert site.differences() == []
    assert not site.rows(t.message, state="pending")


# ---------------------------------------------------------------- after each single step

STEPS: tuple[tuple[Any, str], ...] = (
    (raw.Raw, "keep"),
    (raw.Raw, "settle"),
    (settle, "_references"),
    (deriving, "insert_rows"),
    (deriving, "upsert"),
    (intake, "heard"),
)


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """deadly(n): the process dies at once when it has come to its n-th step."""
    left = [0]

    def dying(step: Callable[..., Any]) -> Callable[..., Any]:
        def once(*args: Any, **kw: Any) -> Any:
            done = step(*args, **kw)
            left[0] -= 1
            if left[0] == 0:
                os._exit(KILLED)
            return done

        return once

    for owner, name in STEPS:
        monkeypatch.setattr(owner, name, dying(getattr(owner, name)))
    yield lambda number: left.__setitem__(0, number)
    left[0] = 0


def test_a_death_at_each_step(site: Book, deadly: Callable[[int], None]) -> None:
    feeds = ("quay", "carrier")
    for path in Path(site.world.feed("quay").source).parent.iterdir():
        if path.name[0] not in "12":
            path.unlink()
    undisturbed = _through(site, feeds)
    number, deaths = 0, 0
    while True:
        number += 1 + number // 4  # each of the first steps, then ever more rarely
        site.emptied()
        deadly(number)
        code = ended(apart(lambda: pulled(site, feeds), site))
        deadly(0)
        if code == 0:
            break
        assert code == KILLED
        deaths += 1
        holds_together(site)
        assert different(undisturbed, _through(site, feeds)) == "", f"died at step {number}"
    assert deaths > 10
    assert site.differences() == []


def _through(book: Book, feeds: tuple[str, ...]) -> dict[str, list[object]]:
    pulled(book, feeds)
    return book.derived()


def test_a_death_right_before_and_right_after_the_commit(site: Book) -> None:
    undisturbed = whole(site)
    for event in ("commit", "checkin"):
        for number in (1, 2, 4, 7):
            site.emptied()
            assert ended(apart(lambda event=event, number=number: _dying_at(site, event, number), site)) == KILLED  # type: ignore[misc]
            holds_together(site)
            pulled(site)
            assert different(undisturbed, site.derived()) == "", f"{event} {number}"


def _dying_at(book: Book, event: str, number: int) -> None:
    """As `pulled`, dead at the n-th commit of a writing transaction (before it is done) or the n-th return of its connection (after)."""
    left = [number]

    def die(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            os._exit(KILLED)

    sa.event.listen(book.store.writer, event, die)
    for feed in FEEDS:
        pull.pull_feed(book.store, book.world, feed, NOW, book.settings)
