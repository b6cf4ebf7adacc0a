"""Pages of a long list, and the way to one line of a lot's ledger: on the page on which it stands."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts._figures import lot_lines
from layouts._parts import pages
from layouts._parts.view import View


@pytest.mark.parametrize(("told", "page"), [("", 1), ("3", 3), ("0", 1), ("-1", 1), ("x", 1), ("9999999", 1), ("²", 1)])
def test_an_address_that_names_no_page_asks_for_the_first(told: str, page: int) -> None:
    assert pages.asked(View(more={"page": told})) == page


@given(st.integers(0, 200), st.integers(1, 60), st.integers(1, 30))
def test_every_row_stands_on_one_page(n: int, size: int, beyond: int) -> None:
    rows = list(range(n))
    last = max(-(-n // size), 1)
    assert [row for page in range(1, last + 1) for row in pages.of(rows, page, size)[1]] == rows
    assert pages.of(rows, last + beyond, size) == pages.of(rows, last, size)


def _shown(n: int, view: View) -> list[int]:
    chain: Any = SimpleNamespace(lines=tuple(range(1, n + 1)))
    return lot_lines.shown(chain, view)[1]  # type: ignore[return-value]


@given(st.integers(1, 400), st.data(), st.sampled_from(["", "oldest", "newest"]))
def test_a_line_is_led_to_on_the_page_on_which_it_stands(n: int, data: st.DataObject, order: str) -> None:
    line, page = data.draw(st.integers(1, n)), data.draw(st.integers(1, 12))
    view = View(place="zone", more={"operator": "O1", "lot": "L1", "order": order, "page": str(page)})
    href = str(lot_lines.to_line(view, line, n, "there").href)  # type: ignore[attr-defined]
    query, _, anchor = href.partition("#")
    assert anchor == lot_lines.anchor(line)
    if query:
        asked = dict(part.split("=") for part in query.strip("?").split("&") if part)
        assert asked.get("order", "") == order
        view = view.set(page=asked.get("page", ""))
        assert line not in _shown(n, view.set(page=str(page)))
    assert line in _shown(n, view)
