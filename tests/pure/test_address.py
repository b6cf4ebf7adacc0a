"""What an address says that cannot be: it is left out and named, and never shown as a word that nobody wrote."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from layouts._figures.goods_asked import asked_of, settled
from layouts._parts.alert_proof import _code
from layouts._parts.period import asked_known
from layouts._parts.view import View

NOW, ZONE = datetime(2026, 11, 20, 8, tzinfo=UTC), "Asia/Ho_Chi_Minh"


@pytest.mark.parametrize(
    ("more", "left", "wrong", "ahead"),
    [
        ({"by": "hs", "digits": "4", "page": "2", "at": "2020-01-01T08:00"}, {"by", "digits", "page", "at"}, [], []),
        ({"by": "nonsense", "book": "x", "owner": "A"}, {"owner"}, ["by=nonsense", "book=x"], []),
        ({"at": "yesterday", "known": "9999-12-31T00:00"}, set(), ["at=yesterday", "known=9999-12-31T00:00"], []),
        ({"at": "2099-01-01T00:00", "order": "lot"}, {"order"}, [], ["at"]),
        ({"known": "2099-01-01T00:00"}, set(), [], ["known"]),
        ({"page": "-1", "older": "9" * 9, "digits": "3", "only": "all"}, set(), ["digits=3", "only=all", "page=-1", "older=999999999"], []),
        ({"by": "n" * 99}, set(), ["by=" + "n" * 40], []),
    ],
)
def test_what_cannot_be_is_left_out_of_the_address_and_named(
    more: dict[str, str], left: set[str], wrong: list[str], ahead: list[str]
) -> None:
    view, said, coming = settled(View(place="zone", more=more), ZONE, NOW)
    assert (set(view.more), said, coming) == (left, wrong, ahead)
    assert asked_of(view, ZONE) == asked_of(View(place="zone", more={name: more[name] for name in left}), ZONE)
    assert view.place == "zone"


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("2026-11-20T15:00", NOW),
        ("2026-11-20T15:01", None),  # a statement of what will be known then cannot be made
        ("2099-01-01T00:00", None),
        ("nonsense", None),
        ("", None),
    ],
)
def test_a_statement_is_never_as_known_at_a_moment_to_come(said: str, known: datetime | None) -> None:
    assert asked_known(View(place="zone", more={"known": said}), ZoneInfo(ZONE), NOW) == known


@pytest.mark.parametrize(
    ("text", "shown"), [("see `place.yaml`.", ["see ", "place.yaml", "."]), ("no mark", ["no mark"]), ("one ` only", ["one ` only"])]
)
def test_names_of_files_in_a_runbook_stand_without_their_marks(text: str, shown: list[str]) -> None:
    assert [getattr(part, "children", part) for part in _code(text)] == shown
