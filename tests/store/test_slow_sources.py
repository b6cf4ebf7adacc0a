"""One slow source delays no other: five that hang, and the sixth is pulled all the same."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from data.settings import Settings
from data.store.engine import Store
from data.store.tables import run
from tests.store.test_work import AREAS, PLACE, Going, quick, rows, until

__all__ = ["quick"]
HANGING = 5


@pytest.fixture
def nobody() -> Iterator[socket.socket]:
    """Takes connections, and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        yield listening


def test_a_source_that_hangs_holds_up_no_other(settings: Settings, quick: None, store: Store, nobody: socket.socket) -> None:
    folder = settings.home / "places" / "quay"
    folder.mkdir(parents=True)
    inbox = settings.home / "in"
    inbox.mkdir()
    url, how = f"http://127.0.0.1:{nobody.getsockname()[1]}/x.csv", "{private: true, connect_s: 60, read_s: 60, total_s: 60}"
    head = PLACE[: PLACE.index("  - {id: gate")]
    slow = [f'  - {{id: slow{n}, format: gate_csv, publisher: P{n}, source: "{url}", every: 1m, fetch: {how}}}' for n in range(HANGING)]
    good = f'  - {{id: good, format: gate_csv, publisher: G, source: "file://{inbox}/*.csv", every: 1m}}'
    (folder / "place.yaml").write_text("\n".join([head.rstrip(), *slow, good]))
    (folder / "areas.geojson").write_text(AREAS)
    going = Going(settings, store)
    try:
        until(lambda: {row.feed for row in rows(store, run) if row.state == "running"} >= {f"slow{n}" for n in range(HANGING)})
        until(lambda: [row for row in rows(store, run) if row.feed == "good" and row.state == "done"])
        held_up = [row for row in rows(store, run) if row.feed.startswith("slow")]
        assert {row.state for row in held_up} == {"running"}  # still
        assert len(held_up) == HANGING
    finally:
        nobody.close()  # whoever waits is cut off
        going.stop()
    assert all(row.state == "failed" for row in rows(store, run) if row.feed.startswith("slow"))
