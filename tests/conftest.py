"""Fixtures for all tests. A fresh, migrated database for each test that asks for `store`, on SQLite or on PostgreSQL (ZW_TEST_DB)."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import settings as hypothesis

from data import clock
from data.declared import load
from data.settings import REPOSITORY, Settings
from data.store import migrations
from data.store.engine import Store, normal_url, open_store
from tests.databases import Kept
from tests.servers import postgres
from zones.world import World

BEGAN = time.monotonic()
hypothesis.register_profile("unhurried", deadline=None)  # no test is one of speed, and two run at once
hypothesis.load_profile("unhurried")
THIRD_PARTY = "the third-party samples are not here"
NOW = datetime(2026, 3, 10, 5, 0, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    """The moment of the tests."""
    return NOW


@pytest.fixture(autouse=True)
def _real_time() -> Iterator[None]:
    """No test leaves the demo's clock running for the next."""
    yield
    clock.use_demo(None)


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Which database this run is on: "sqlite" or "postgresql"."""
    found = os.environ.get("ZW_TEST_DB", "sqlite")
    assert found in ("sqlite", "postgresql"), f"ZW_TEST_DB={found}"
    return found


@pytest.fixture(scope="session")
def template(database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A migrated, empty database: the file that is copied for each test, or the one PostgreSQL database that is emptied."""
    if database == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('template') / 'template.db'}"
        _migrate(url)
        yield url
        return
    server = normal_url(postgres())
    name = f"zonewatch_test_{os.getpid()}"
    _on_server(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
    url = server.set(database=name).render_as_string(hide_password=False)
    _migrate(url)
    yield url
    _on_server(server, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def kept(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """The database of this process of tests."""
    found = Kept(template, tmp_path_factory.mktemp("database"))
    yield found
    found.close()


@pytest.fixture
def database_url(kept: Kept, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty, migrated database that no other test uses now."""
    kept.empty(anew=request.node.get_closest_marker("plans") is not None)
    yield kept.url
    kept.after()


@pytest.fixture
def store(kept: Kept, database_url: str) -> Store:
    """An opened database, empty and migrated."""
    return kept.store()


@pytest.fixture(scope="session", autouse=True)
def _no_power_cut() -> Iterator[None]:
    """Nothing that a test writes has to survive one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data.raw._fsync", lambda paths: None)
        patch.setattr("data.raw.SYNC_AT_ONCE", 1 << 30)  # beyond it the whole machine is told to write
        yield


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings with a HOME of their own, on this test's database."""
    return Settings.load({"ZONEWATCH_HOME": str(tmp_path / "home"), "ZONEWATCH_DATABASE_URL": database_url}, tmp_path)


@pytest.fixture(scope="session")
def world() -> World:
    """The shipped example places under the shipped law."""
    environ = {"ZONEWATCH_PLACES": str(REPOSITORY / "zones" / "places"), "ZONEWATCH_LIMITS": str(REPOSITORY / "zones" / "limits")}
    return load(Settings.load(environ, REPOSITORY / "tests"))


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: the collector need not go through all of it again and again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Nothing is skipped: a test that cannot run here has failed here. Only samples that others wrote need not come along."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and THIRD_PARTY not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"skipped, which no test may be: {call.excinfo.value if call.excinfo else ''}"
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Over budget: the ten slowest."""
    calls = [report for reports in terminalreporter.stats.values() for report in reports if hasattr(report, "duration")]
    if time.monotonic() - BEGAN <= float(os.environ.get("ZW_BUDGET_S", "inf")):
        return
    terminalreporter.section("over budget: the ten slowest")
    for report in sorted(calls, key=lambda report: -report.duration)[:10]:
        terminalreporter.write_line(f"{report.duration:7.2f} s  {report.when:8} {report.nodeid}")


def _migrate(url: str) -> None:
    store = open_store(url)
    migrations.migrate(store)
    store.close()


def _on_server(server: sa.URL, *statements: str) -> None:
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        for statement in statements:
            conn.exec_driver_sql(statement)
    engine.dispose()
