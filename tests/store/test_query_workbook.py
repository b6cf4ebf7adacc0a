"""A workbook on the page of its message: its cells, as the reader takes them; anything else as its bytes."""

from __future__ import annotations

import io

import openpyxl

from data.queries import workbook
from layouts._figures import raw_text


def made(rows: int = 3) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Cổng"
    for n in range(rows):
        book.active.append([f"ZZDU{n:07}", None, n])
    book.create_sheet("hidden").sheet_state = "hidden"
    book.create_sheet("Ghi chú").append(["a note"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def test_the_filled_cells_of_the_visible_sheets() -> None:
    first, second = workbook.leaves(made())
    assert (first.name, first.rows[0], first.more) == ("Cổng", (1, ("ZZDU0000000", "0")), False)
    assert (second.name, second.rows) == ("Ghi chú", ((1, ("a note",)),))


def test_long_sheets_are_cut_and_say_so() -> None:
    first, _ = workbook.leaves(made(workbook.ROWS + 1))
    assert (len(first.rows), first.more) == (workbook.ROWS, True)


def test_what_is_no_workbook_or_cannot_be_opened_has_none() -> None:
    whole = made()
    assert workbook.leaves(b"Container;Time\n") == ()
    assert workbook.leaves(b"PK\x03\x04 and no more") == ()
    assert all(workbook.leaves(whole[:end]) == () for end in range(0, len(whole) - 1, 97))


def test_records_stand_as_they_stand_in_the_message() -> None:
    rows = [{"position": f"event {n}"} for n in ("10", "2", "1 (E-9)")]
    assert [row["position"] for row in sorted(rows, key=raw_text.order)] == ["event 1 (E-9)", "event 2", "event 10"]
