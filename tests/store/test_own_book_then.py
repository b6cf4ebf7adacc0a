"""The supervisor's own book as it was known: what was answered on the day is what is answered later about that day."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

from data.inventory import held
from data.settings import Settings
from data.store.engine import Store
from tests.store.goods_told import OPERATORS
from tests.store.test_goods_files import FEEDS, ledger
from tests.store.told import PORT, Book, clock, small_world
from zones.entry import CUSTOMS

BOXES = [f"ZZDU48392{n}" for n in range(10, 18)]
LOTS = [f"L{n}" for n in range(12)]
SEED = int(os.environ.get("ZW_SEED", "20261123"))
MOMENTS = 4  # that are asked for after each message
Answer = list[tuple[str, str, int]]


def own_book(store: Store, settings: Settings, folder: Path) -> Book:
    text = PORT.replace("codes: [XXPRT]\n", "codes: [XXPRT]\n" + OPERATORS)
    text = text.replace("limits: [{limit: import", FEEDS + "limits: [{limit: import")
    return Book(store, settings, folder, small_world(port=text)).emptied()


def there(book: Book, at: str, known: str | None) -> Answer:
    with book.store.read() as conn:
        found = held(conn, book.world, "port", clock(at), clock(known) if known else None, CUSTOMS)
    return sorted((one.lot, one.source, one.quantity) for one in found)


def test_a_box_told_late_or_taken_back_or_moved_on_was_known_otherwise(store: Store, settings: Settings, tmp_path: Path) -> None:
    book = own_book(store, settings, tmp_path / "files")
    late, undone, soon, again = BOXES[:4]
    lines = [f"admission d1 08:00 {n} lot=L{n} equipment={box}" for n, box in enumerate((late, undone, soon, again), 1)]
    book.receive("permits", ledger(*lines), "d1 09:00")
    book.told_by("terminal", "d2 10:00 gate_in", received="d2 10:30", number="N1", box=undone)
    book.told_by("terminal", "d2 10:00 gate_in", received="d2 10:30", box=again)
    book.told_by("terminal", "d2 12:00 gate_out", received="d2 12:30", box=again)
    book.receive("permits", ledger(f"withdrawal d3 08:00 4 lot=L4 permit=P equipment={again}"), "d3 09:00")  # it had left: at once

    def lots(at: str, known: str | None = None) -> str:
        return " ".join(lot for lot, *_ in there(book, at, known))

    assert [lots("d2 11:00"), lots("d4 12:00")] == ["L2 L4", "L2"]
    book.told_by("terminal", "d5 10:00 gate_in", received="d5 10:40", box=soon)
    book.told_by("terminal", "d2 10:00 gate_in", received="d9 08:00", box=late)
    book.cancelled("d2 10:00 gate_in", number="N1", received="d9 09:00", box=undone)
    book.told_by("terminal", "d9 10:00 gate_in", received="d9 10:30", box=again)  # and the withdrawal waits for it to leave
    assert [lots("d2 11:00"), lots("d4 12:00"), lots("d5 10:20")] == ["L1 L4", "L1 L4", "L1 L3 L4"]
    assert [lots("d2 11:00", "d2 13:00"), lots("d4 12:00", "d4 12:00"), lots("d5 10:20", "d5 10:20")] == ["L2 L4", "L2", "L2"]
    assert [lots("d5 10:20", "d6 00:00"), lots("d4 12:00", "d9 09:30")] == ["L2 L3", "L1"]


def some_message(book: Book, rng: Random, day: int, received: str) -> None:
    """What customs authorised, or what somebody told of a box: in time, late, dated by a plan of his own, replaced, taken back."""
    at = f"d{max(day - rng.choice([0, 0, 0, 0, 1, 1, 3, 9]), 0)} {rng.choice(['06:00', '08:00', '10:00', '10:40'])}"
    box, what = rng.choice(BOXES), rng.random()
    if what < 0.35:
        lines = []
        for _ in range(rng.randrange(1, 4)):
            act = rng.choice(["admission", "admission", "withdrawal", "withdrawal", "return", "count"])
            more = [f"equipment={rng.choice(BOXES)}"] if rng.random() < 0.9 else []
            more += [f"source_id={rng.choice('abcdef')}"] if rng.random() < 0.3 else []
            lines.append(f"{act} {at} {rng.choice(['5', '8', '20'])} lot={rng.choice(LOTS)} permit=P {' '.join(more)}")
        book.receive("permits", ledger(*lines), received)
    elif what < 0.8:
        event = rng.choice(["gate_in", "gate_out", "gate_in", "gate_out", "discharge", "load", "yard_move"])
        number = rng.choice(["", "N1", "N2", "N3", "N4"])
        function = rng.choice(["9", "9", "5", "1"]) if number else "9"
        book.told_by("terminal", f"{at} {event}", received=received, number=number, function=function, box=box)
    elif what < 0.92:
        book.told_by("carrier", f"{at} {rng.choice(['gate_in', 'gate_out'])}", received=received, equipment=box)
    else:
        book.told_by("list", f"{at} present", received=received, boxes=rng.sample(BOXES, 2))


def test_what_was_answered_on_the_day_is_answered_about_that_day_later(store: Store, settings: Settings, tmp_path: Path) -> None:
    rng, book = Random(SEED), own_book(store, settings, tmp_path / "files")
    answers: list[tuple[str, str, Answer]] = []
    for n in range(30):
        day = 2 + n // 2
        received = f"d{day} {11 + n % 2 * 6}:{rng.randrange(60):02}"
        some_message(book, rng, day, received)
        for _ in range(MOMENTS):
            at = f"d{rng.randrange(day + 1)} {rng.choice(['07:00', '08:00', '09:00', '10:20', '12:00'])}"
            moment = min(clock(at), clock(received))
            at = at if moment == clock(at) else received
            answers.append((at, received, there(book, at, None)))
    changed = 0
    for at, known, then in answers:
        assert there(book, at, known) == then, (at, known)
        changed += there(book, at, None) != then
    assert sum(bool(then) for _, _, then in answers) > 10
    assert changed  # and something came later that changes them
    assert book.differences() == []
