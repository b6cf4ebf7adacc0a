"""Every page: a new file in layouts/ is found here and looked at as a browser would ask for it.

With nothing in the database, with something, by somebody who may see one place only, and with an address full of keys that nobody knows.
What holds of every file and of the gate is in test_layouts.py and test_floors.py; what it looks like is in tests/browser.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import dash
import pytest
from flask.testing import FlaskClient

from data import backtest_runs, clock, people
from data.actions import rules as acts
from data.settings import REPOSITORY, Settings
from data.store import tables as t
from data.store.engine import Store, open_store
from data.store.tables import metadata
from layouts._parts import app as parts
from tests.contract.test_floors import imports
from tests.store.goods_told import Goods, line
from tests.store.told import BOX, Book, small_world
from tests.store.told import clock as moment

NAMES = [path.stem for path in sorted((REPOSITORY / "layouts").glob("*.py")) if not path.name.startswith("_")]
SHOWN = [name for name in NAMES if name != "not_found_404"]
NOW = moment("d12 00:00")
LATEST = "d11 08:00"
ODD = (
    "?nonsense=1&place=nowhere&place=port&since=yesterday&until=2026-02-31&page=x&older=-1&bin=year&split=seals&measure=2"
    "&more=1&view=2&self=3&q=&list=all&severity=bad&from=-5&tab="
)
NONE = {"number": "ZZDU9999997", "message_id": "none", "alert_id": "none", "place_id": "nowhere", "feed_id": "nowhere"}
NONE |= {"rule_id": "none", "backtest_id": "none", "place": "zone", "operator": "O1", "lot": "none", "owner": "none"}
FOR = {"try_file": "admin"}  # whom a page is for, where the supervisor is refused
SECRETS = ("ZZDU 000001 0", "ZZDU 123456 5", "BILL-OF-PORT", "SEAL-OF-PORT")
NEVER = re.compile(r"blank-failed|Traceback|(?<!%)\{[a-z_]+\}")
NONE |= {"of_place": "zone", "of_operator": "O1", "of_lot": "none"}
AGES = re.compile(r"\"(stamp|stamp-never)\"")


# ---------------------------------------------------------------- as a browser


def parts_of(text: str) -> list[tuple[str, str]]:
    """(id, property) of what a callback fills: "a.children", "..a.children...b.data.."."""
    return [(each.rpartition(".")[0], each.rpartition(".")[2]) for each in text.strip(".").split("...")]


class Reader:
    """Somebody signed in, who opens an address: the page is laid out, then every panel of it is filled, as Dash does it in a browser."""

    def __init__(self, app: dash.Dash, name: str) -> None:
        self.client: FlaskClient = app.server.test_client()
        assert self.client.post("/watch/login", data={"username": name, "password": name}).status_code == 303
        self.callbacks = self.client.get("/watch/_dash-dependencies").json
        self.asked: set[str] = set()

    def open(self, address: str) -> str:
        """Everything that the page shows, as the JSON it came in. Fails where a callback does."""
        path, _, query = address.partition("?")
        assert self.client.get(f"/watch{address}").status_code == 200
        props: dict[str, dict[str, Any]] = {
            "_pages_location": {"pathname": f"/watch{path}", "search": f"?{query}" if query else ""},
            "live": {"data": "1"},
        }
        (router,) = [each for each in self.callbacks if "_pages_content" in each["output"] and each["inputs"]]
        shown = [self._ask(router, props)]
        self._take(json.loads(shown[0]), props)
        for each in self.callbacks:
            filled = parts_of(each["output"])
            asked = [*each["inputs"], *each["state"]]
            known = all(one["id"] in props for one in asked) and all(one in props for one, _ in filled)
            if known and each is not router and not each["prevent_initial_call"] and not each["clientside_function"]:
                shown.append(self._ask(each, props))
                self.asked.add(each["output"])
        return "\n".join(shown)

    def _ask(self, callback: dict[str, Any], props: dict[str, dict[str, Any]]) -> str:
        filled = [{"id": one, "property": prop} for one, prop in parts_of(callback["output"])]
        given = {name: [{**one, "value": props[one["id"]].get(one["property"])} for one in callback[name]] for name in ("inputs", "state")}
        many = callback["output"].startswith("..")
        body = {
            "output": callback["output"],
            "outputs": filled if many else filled[0],
            "changedPropIds": [f"{one['id']}.{one['property']}" for one in given["inputs"]],
            **given,
        }
        answer = self.client.post("/watch/_dash-update-component", json=body)
        assert answer.status_code in (200, 204), f"{callback['output']}: {answer.status_code} {answer.text[:300]}"
        return answer.text or "{}"

    def _take(self, node: Any, props: dict[str, dict[str, Any]]) -> None:
        if isinstance(node, dict):
            own = node.get("props", {})
            if isinstance(own, dict) and isinstance(own.get("id"), str):
                props[own["id"]] = own
            for each in node.values():
                self._take(each, props)
        elif isinstance(node, list):
            for each in node:
                self._take(each, props)


def house(home: Path) -> tuple[Settings, Store]:
    """A database of its own with the demo's accounts, and one for somebody who sees the zone only."""
    settings = Settings.load({"ZONEWATCH_HOME": str(home), "ZONEWATCH_DEMO": "1", "ZONEWATCH_BASE_PATH": "/watch"}, home)
    store = open_store(settings.database_url)
    with store.write() as conn:
        metadata.create_all(conn)
    people.make_demo_accounts(store, clock.now())
    with store.write() as conn:
        conn.execute(t.account.update().where(t.account.c.name == "viewer").values(places=["zone"]))
    return settings, store


def told(book: Book) -> Book:
    """A box that came, was held, left all the same and was told of by two; another that stays; a list; a message nobody can read."""
    papers = {"bill": "BILL-OF-PORT", "seal": "SEAL-OF-PORT"}
    book.told_by("terminal", "d0 08:00 discharge", **papers).told_by("customs", "d1 09:00 hold", hold_ref="H1")
    book.told_by("terminal", "d2 08:00 gate_out").told_by("carrier", "d2 08:10 gate_out").told_by("zone", "d2 11:00 gate_in")
    book.told_by("terminal", "d1 10:00 discharge", box="ZZDU0000010", **papers)
    book.told_by("list", "d3 06:00 present", boxes=["ZZDU0000010"])
    book.told_by("list", "d4 06:00 present", boxes=["ZZDU0000010", "ZZDU1234565"])
    book.receive("gate", b"UNB+UNOA:2+TERM+ZONEWATCH+261105:0900+77'UNH+1+CODECO:D:95B:UN'BGM+36++9'UNT+9+1'UNZ+3+77'", "d5 09:00")
    book.told_by("terminal", f"{LATEST} gate_in", box="ZZDU4839211")
    goods = Goods(book.store, book.world)
    goods.told(line("admission", "d1 08:00", 100, hs="640399", gross_mg=10**8, value=10**8, currency="USD", equipment=BOX))
    goods.told(line("withdrawal", "d2 09:00", 140, permit="P1"))
    book.judged_at(NOW)
    return book


def tried(book: Book) -> str:
    """A back-test of shorter limits at both places, worked off."""
    asked = {"places": ("port", "zone"), "since": moment("d0 00:00"), "until": NOW, "limits": {"import_dwell_warn": "1d"}}
    who = people.Actor("supervisor", "supervisor", "supervisor")
    made = acts.ask_backtest(book.store, book.world, who, NOW, "import_overstay", **asked)
    backtest_runs.work_off(book.store, book.world, NOW, 1)
    return made


@dataclass
class Shown:
    """A running application, and what stands for each <name> of an address; `empty`: it was never told anything."""

    app: dash.Dash
    values: dict[str, str]
    empty: bool
    readers: dict[str, Reader] = field(default_factory=dict)
    before: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def address(self, name: str) -> str:
        """A page's address under the base path."""
        return addresses(self.values)[name]

    def open(self, who: str, name: str, query: str = "") -> str:
        """What a page shows to somebody."""
        if who not in self.readers:
            self.readers[who] = Reader(self.app, who)
        found = self.before[who, name, query] = self.readers[who].open(self.address(name) + query)
        return found

    def shows(self, who: str, name: str, query: str = "") -> str:
        """As `open`; a page that was opened before is not opened again: nothing that it shows has changed."""
        return self.before.get((who, name, query)) or self.open(who, name, query)


@pytest.fixture(scope="module", params=["nothing", "something"])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shown]:
    """The application on an empty database, and on one that was told something."""
    home = tmp_path_factory.mktemp("home")
    settings, store = house(home)
    book = Book(store, settings, home / "files", small_world())
    values = {**NONE}
    if request.param == "something":
        told(book)
        alerts, reports = book.alerts(), book.rows(t.report)
        assert alerts
        values = {"number": BOX, "message_id": reports[0]["message_id"], "alert_id": alerts[0]["alert_id"]}
        values |= {"place": "zone", "operator": "O1", "lot": "L1", "owner": "A"}
        values |= {"place_id": "port", "feed_id": "gate", "rule_id": "import_overstay", "backtest_id": tried(book)}
        values |= {"of_place": "zone", "of_operator": "O1", "of_lot": "L1"}
    before = dict(dash.page_registry)
    yield Shown(parts.build(settings, store, book.world), values, request.param == "nothing")
    store.close()
    dash.page_registry.clear()
    dash.page_registry.update(before)


@pytest.fixture(autouse=True)
def _at(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is d12."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def addresses(values: dict[str, str]) -> dict[str, str]:
    """Page -> its address under the base path."""
    found = {}
    for page in dash.page_registry.values():
        address = page["path_template"] or page["path"]
        for name, value in values.items():
            address = address.replace(f"<{name}>", value)
        assert "<" not in address, f"{page['module']}: NONE above has no value for {address}"
        found[page["module"].rpartition(".")[2]] = address
    return found


# ---------------------------------------------------------------- the page


@pytest.mark.parametrize("name", NAMES)
def test_a_page_registers_one_address_of_its_own_and_a_title(shown: Shown, name: str) -> None:
    own = [page for page in dash.page_registry.values() if page["module"].rpartition(".")[2] == name]
    assert len(own) == 1
    (page,) = own
    assert sum(other["path"] == page["path"] for other in dash.page_registry.values()) == 1
    assert callable(page["title"]), "a title in the reader's language"
    assert callable(page["layout"])


def test_every_page_is_looked_at(shown: Shown) -> None:
    assert set(addresses(shown.values)) == set(NAMES)


@pytest.mark.parametrize("name", SHOWN)
def test_nobody_sees_a_page_who_is_not_signed_in(shown: Shown, name: str) -> None:
    answer = shown.app.server.test_client().get(f"/watch{shown.address(name)}")
    assert answer.status_code == 302
    assert "/watch/login" in answer.headers["Location"]


@pytest.mark.parametrize(("who", "query"), [("supervisor", ""), ("supervisor", ODD), ("viewer", ODD)], ids=["plain", "odd", "odd-viewer"])
@pytest.mark.parametrize("name", NAMES)
def test_a_page_shows_itself_whatever_the_address_says(
    shown: Shown, name: str, who: str, query: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        seen = shown.open(who, name, query)
    assert not caplog.records
    assert not NEVER.search(seen)
    assert re.search(r'"type":\s*"H1"', seen), "a heading"


@pytest.mark.parametrize("language", ["vi", "zh"])
@pytest.mark.parametrize("name", SHOWN)
def test_a_page_shows_itself_in_every_language(shown: Shown, name: str, language: str, caplog: pytest.LogCaptureFixture) -> None:
    who = FOR.get(name, "supervisor")
    reader = shown.readers[who] = shown.readers.get(who) or Reader(shown.app, who)
    reader.client.set_cookie("zw_lang", language)
    try:
        seen = reader.open(shown.address(name))
    finally:
        reader.client.delete_cookie("zw_lang")
    assert not caplog.records
    assert not NEVER.search(seen)


def test_every_callback_fills_something_that_is_on_a_page(shown: Shown) -> None:
    """One that listens to what no page has is never called, and nobody would notice."""
    for name in SHOWN:
        shown.shows("supervisor", name, f"?q={BOX}" if name == "search" else "")
    reader = shown.readers["supervisor"]
    wanted = {each["output"] for each in reader.callbacks if not each["prevent_initial_call"] and not each["clientside_function"]}
    idle = {output for output in wanted - reader.asked if "_pages_" not in output}
    assert shown.empty or not idle


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_says_how_old_its_data_are(shown: Shown, name: str) -> None:
    seen = shown.shows(FOR.get(name, "supervisor"), name, f"?q={BOX}" if name == "search" else "")
    assert AGES.search(seen) or shown.empty, "with nothing to show it says that instead"


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_out_of_reach_is_not_on_a_page(shown: Shown, name: str) -> None:
    """Who sees the zone only is told neither of the port's other boxes nor of its documents and seals."""
    seen = shown.shows("viewer", name)
    assert not [secret for secret in SECRETS if secret in seen]


def test_what_is_within_reach_is(shown: Shown) -> None:
    """Or the test above would hold of pages that show nothing at all."""
    seen = "".join(shown.shows("supervisor", name) for name in SHOWN)
    assert shown.empty or all(secret in seen for secret in SECRETS)


@pytest.mark.parametrize("name", NAMES)
def test_a_figure_is_drawn_with_its_age_and_its_table(name: str) -> None:
    """`layouts._parts.chart` and `map` put them together; a page that took the bare graph would have neither."""
    taken = set(imports(REPOSITORY / "layouts" / f"{name}.py"))
    assert not taken & {"layouts._parts.graph", "layouts._parts.grid", "plotly", "plotly.graph_objects", "dash_ag_grid"}
