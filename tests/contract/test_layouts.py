"""What every page and every route must hold to, found by looking at all of them; a new one that does not stops here."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dash
import pytest
from flask.testing import FlaskClient

from data import clock, people
from data.notify.sending import new_delivery
from data.settings import REPOSITORY, Settings
from data.store.engine import open_store
from data.store.tables import delivery, metadata
from layouts._parts import app as parts
from layouts._parts import gate
from layouts._parts.here import KEY as GROUND
from layouts._text import COMPLETE, LANGUAGES, catalogue

LAYOUTS = REPOSITORY / "layouts"
SOURCES = sorted(LAYOUTS.rglob("*.py"))
PAGES = [path for path in sorted(LAYOUTS.glob("*.py")) if not path.name.startswith("_")]
ASSETS = [path for path in sorted((LAYOUTS / "assets").iterdir()) if path.suffix in (".js", ".css", ".svg", ".geojson")]
LONGEST_PAGE = 200  # 150 is the habit; beyond this a room is missing


def said(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every call in a file, by the name it is called by: `dcc.Graph`, `callback`."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


ONLY = {  # what is called in one file alone, or nowhere
    "dcc.Graph": "graph.py",
    "dag.AgGrid": "grid.py",
    "dcc.Interval": "",
    "dash.callback": "",
    "app.callback": "",
    "dash.clientside_callback": "",
}


@pytest.mark.parametrize("path", SOURCES, ids=said)
def test_only_the_house_draws_and_registers(path: Path) -> None:
    for name, _ in calls(path):
        assert name not in ONLY or path.name == ONLY[name], f"{said(path)} calls {name}"
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"dangerously_allow\w+[=\"']|go\.(\w+gl|Scattergeo|Choropleth|Pie|Indicator|Scatter3d)\(", text)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "dash" and path.name != "callback.py":
            assert not {alias.name for alias in node.names} & {"callback", "clientside_callback", "Input", "Output", "State"}, said(path)


@pytest.mark.parametrize("path", [*SOURCES, *ASSETS], ids=said)
def test_no_address_of_anybody_else(path: Path) -> None:
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"(https?|wss?)://", text)
    assert "@import" not in text
    assert "eval(" not in text


@pytest.mark.parametrize("path", PAGES, ids=said)
def test_a_page_is_short_and_has_no_words_and_no_colours_of_its_own(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_PAGE
    assert not re.search(r"#[0-9a-fA-F]{6}\b", text)
    assert "register_page" in text


KEY = re.compile(r"""\b(?:t|say|title|empty|no_data|refused|toast)\(\s*["']([a-z_]+\.[a-z0-9_]+)["']""")


@pytest.mark.parametrize("path", SOURCES, ids=said)
def test_every_key_that_is_said_is_in_the_catalogues(path: Path) -> None:
    keys = set(KEY.findall(path.read_text(encoding="utf-8")))
    for language in COMPLETE:
        assert not keys - set(catalogue(language)), f"{said(path)} ({language})"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_marked_up(language: str) -> None:
    for key, text in catalogue(language).items():
        for one in text.values() if isinstance(text, dict) else [text]:
            assert one.strip() or key.endswith("_hint"), key
            assert not re.search(r"<[a-z/]|TODO|FIXME|XXX", one), key


# The running application


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dash.Dash]:
    home = tmp_path_factory.mktemp("home")
    settings = Settings.load({"ZONEWATCH_HOME": str(home), "ZONEWATCH_DEMO": "1", "ZONEWATCH_BASE_PATH": "/watch"}, home)
    store = open_store(settings.database_url)
    with store.write() as conn:
        metadata.create_all(conn)
    people.make_demo_accounts(store, clock.now())
    before = dict(dash.page_registry)
    look = SimpleNamespace(token="1", act_now=0, not_looking_since=None, never_looked=False, latest=())
    built = parts.build(settings, store, SimpleNamespace(places={}), look=lambda *_: look)
    built.server.test_client().get("/watch/login")  # Dash takes its callbacks at the first request
    yield built
    store.close()
    dash.page_registry.clear()
    dash.page_registry.update(before)


def signed_in(app: dash.Dash, name: str = "viewer") -> FlaskClient:
    client = app.server.test_client()
    answer = client.post("/watch/login", data={"username": name, "password": name})
    assert answer.status_code == 303
    return client


def test_every_route_is_shut_unless_it_is_on_the_list(app: dash.Dash) -> None:
    client = app.server.test_client()
    opened = set()
    for rule in app.server.url_map.iter_rules():
        address = re.sub(r"<[^>]+>", "x", rule.rule)
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            status = client.open(address, method=method).status_code
            if status not in (302, 401):
                opened.add("/" + rule.rule.removeprefix("/watch/"))
    assert opened <= gate.PUBLIC
    for name in ("_mcp", "anything", "_dash-layout", "_dash-dependencies", "_reload-hash", "live"):
        assert client.get(f"/watch/{name}").status_code in (302, 401)


def test_every_callback_is_shut_and_says_what_it_may_do(app: dash.Dash) -> None:
    client = app.server.test_client()
    assert app.callback_map
    for output, entry in app.callback_map.items():
        body = {"output": output, "outputs": {}, "inputs": [], "changedPropIds": []}
        assert client.post("/watch/_dash-update-component", json=body).status_code == 401
        if "_pages_content" not in output:  # Dash's own router: the page it lays out asks queries, which know the actor
            function = entry.get("callback")
            assert function is None or getattr(function, "may", None) in people.ROLES, f"{output}: registered past the gatekeeper"


NO_CALLBACKS = [{}, [], None, {"output": 1}, {"output": "x.children"}, {"output": "no.children", "outputs": {}, "inputs": "x"}]


@pytest.mark.parametrize("body", NO_CALLBACKS)
def test_what_is_no_callback_is_refused(app: dash.Dash, body: Any) -> None:
    answer = signed_in(app).post("/watch/_dash-update-component", data=json.dumps(body), content_type="application/json")
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


def test_an_unknown_callback_tells_nothing(app: dash.Dash) -> None:
    body = {"output": "no-such.children", "outputs": {"id": "no-such", "property": "children"}, "inputs": [], "changedPropIds": []}
    answer = signed_in(app).post("/watch/_dash-update-component", json=body)
    assert answer.status_code in (400, 404, 500)
    assert "Traceback" not in answer.text
    assert "no-such" not in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://localhost"}, 303),
    ],
)
def test_a_change_comes_from_our_own_pages(app: dash.Dash, headers: dict[str, str], status: int) -> None:
    answer = app.server.test_client().post("/watch/login", data={"username": "viewer", "password": "viewer"}, headers=headers)
    assert answer.status_code == status


def test_a_body_may_be_a_megabyte(app: dash.Dash) -> None:
    assert signed_in(app).post("/watch/_dash-update-component", data=b"x" * (gate.LARGEST_BODY + 1)).status_code == 413


def test_a_body_with_a_file_may_be_larger_from_those_who_may(app: dash.Dash) -> None:
    entry = next(output for output in app.callback_map if "try-result" in output)
    file = {"id": "try-upload", "property": "contents", "value": "data:;base64," + "A" * (gate.LARGEST_BODY + 4)}
    body = json.dumps({"output": entry, "outputs": [], "inputs": [file], "changedPropIds": []})
    for who, address, status in (
        ("admin", "_dash-update-component", (200, 204, 400, 500)),
        ("admin", "_dash-layout", (413,)),
        ("officer", "_dash-update-component", (200, 204, 400, 500)),  # attaches to alerts
        ("viewer", "_dash-update-component", (413,)),
    ):
        answer = signed_in(app, who).post(f"/watch/{address}", data=body, content_type="application/json")
        assert answer.status_code in status, (who, address)
    over = signed_in(app, "admin").post("/watch/_dash-update-component", data=b"x" * (gate.LARGEST_FILE + 1))
    assert over.status_code == 413
    outside = app.server.test_client().post("/watch/_dash-update-component", data=body, content_type="application/json")
    assert outside.status_code in (401, 413)


def test_headers(app: dash.Dash) -> None:
    client = signed_in(app)
    page = client.get("/watch/")
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe-eval" not in policy
    assert re.search(r"script-src 'self'( 'sha256-[^']+')+;", policy)
    assert "http" not in policy
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["X-Content-Type-Options"] == "nosniff"
    assert '<html lang="en"' in page.text
    assert client.get("/watch/live").headers["Cache-Control"] == "no-store"
    client.set_cookie("zw_lang", "vi")
    assert '<html lang="vi"' in client.get("/watch/").text


def test_plotly_is_sent_once_and_then_only_asked_about(app: dash.Dash) -> None:
    client, plotly = app.server.test_client(), "/watch/_dash-component-suites/plotly/package_data/plotly.min.js"
    for taken in ("gzip, zstd", "identity"):
        first = client.get(plotly, headers={"Accept-Encoding": taken})
        assert (first.status_code, first.headers["Cache-Control"]) == (200, "no-cache")
        again = client.get(plotly, headers={"Accept-Encoding": taken, "If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")


def test_the_session_cookie_is_for_nobody_else(app: dash.Dash) -> None:
    enter = {"data": {"username": "viewer", "password": "viewer"}}
    plain = app.server.test_client().post("/watch/login", **enter).headers["Set-Cookie"]
    assert re.match(r"zonewatch=\S+; HttpOnly; Path=/; SameSite=Lax$", plain)
    safe = app.server.test_client().post("/watch/login", base_url="https://port.example", **enter).headers["Set-Cookie"]
    assert re.match(r"__Host-zonewatch=\S+; Secure; HttpOnly; Path=/; SameSite=Lax$", safe)


ELSEWHERE = ["//evil.example", "https://evil.example/watch/", "/watch/\\evil", "/elsewhere", "javascript:alert(1)", "/watch/\r\nx"]


@pytest.mark.parametrize("onward", ELSEWHERE)
def test_signing_in_never_leads_elsewhere(app: dash.Dash, onward: str) -> None:
    answer = app.server.test_client().post("/watch/login", data={"username": "viewer", "password": "viewer", "next": onward})
    assert answer.headers["Location"] == "/watch/"


def test_polling_is_not_work(app: dash.Dash) -> None:
    with app.server.test_request_context("/watch/live"):
        assert not gate._is_use()
    for changed, use in ((["live.data"], False), (["live.data", "view.data"], True), (["press.n_clicks"], True), ([], True)):
        with app.server.test_request_context("/watch/_dash-update-component", method="POST", json={"changedPropIds": changed}):
            assert gate._is_use() is use


def test_health_tells_nothing_else(app: dash.Dash) -> None:
    client = app.server.test_client()
    assert client.get("/watch/healthz").json == client.get("/watch/readyz").json == {"ok": True}
    with app.server.extensions[GROUND].store.act() as conn:  # but that a message was given up: whoever runs it must get to know
        conn.execute(delivery.insert(), new_delivery("k", "an", "mail", clock.now(), clock.now(), state="dead"))
    assert client.get("/watch/healthz").json == {"ok": True}
    assert client.get("/watch/readyz").json == {"ok": True, "notifications_given_up": 1}
