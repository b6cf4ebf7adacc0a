"""check: settings, places, limits, folders, disk, database, sources: OK, WARN or FAIL a line and what to do."""

from __future__ import annotations

import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass

import click
from sqlalchemy.exc import SQLAlchemyError

from commands._shared import as_json, tell
from data import clock, declared, lease, logs, settings
from data.settings import BadSetting, Settings
from data.sources import BadSource, open_source
from data.store import migrations
from data.store.engine import BadDatabase, Store, open_store
from zones.world import BadDeclarations, World

LEAST_FREE_GB = 1.0
FREE_GB = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: state OK, WARN or FAIL; what was looked at; what was found; what to do."""

    state: str
    what: str
    found: str
    do: str = ""


@click.command()
@click.option("--online", is_flag=True, help="Also reach every source, and list what lies there.")
@as_json
def check(online: bool, as_json: bool) -> None:
    """Look whether everything is in place. Exit 1 if a line says FAIL."""
    findings = list(look(online))
    failed = any(finding.state == "FAIL" for finding in findings)

    def text() -> Iterator[str]:
        for finding in findings:
            yield f"{finding.state:4}  {finding.what}: {finding.found}" + (f"; {finding.do}" if finding.do else "")

    tell({"ok": not failed, "findings": [asdict(finding) for finding in findings]}, as_json, text)
    sys.exit(1 if failed else 0)


def look(online: bool) -> Iterator[Finding]:
    """Every finding; stops early where the rest cannot be looked at."""
    try:
        loaded = Settings.load()
    except BadSetting as error:
        for line in str(error).splitlines():
            yield Finding("FAIL", "settings", line, "correct it in the environment or .env")
        return
    logs.start(loaded)
    clock.use_demo(loaded.home)
    yield Finding("OK", "settings", f"HOME is {loaded.home}")
    yield _key(loaded)
    world = None
    try:
        world = declared.load(loaded)
        files = f"{len(world.places)} places, {len(world.jurisdictions)} jurisdictions, {len(world.feeds)} feeds"
        found = Finding("OK", "declarations", files) if world.places else Finding("WARN", "declarations", "no place", "put one into PLACES")
        yield found
    except BadDeclarations as error:
        for fault in error.faults:
            yield Finding("FAIL", "declarations", str(fault), "correct the file")
    yield from _disk(loaded)
    yield from _database(loaded)
    yield from _channels(loaded, online)
    if world:
        yield from _sources(loaded, world, online)


def _key(loaded: Settings) -> Finding:
    if loaded.secret_key or loaded.embedded:
        file = loaded.home / "secret_key"
        if not loaded.secret_key and file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
            return Finding("WARN", "secret key", f"{file} can be read by others", f"chmod 600 {file}")
        return Finding("OK", "secret key", "set" if loaded.secret_key else "kept in HOME")
    return Finding("WARN", "secret key", "not set; serve and run will refuse to start", "set ZONEWATCH_SECRET_KEY")


def _disk(loaded: Settings) -> Iterator[Finding]:
    folder = next(f for f in (loaded.home, *loaded.home.parents) if f.is_dir())
    free = shutil.disk_usage(folder).free / 1e9
    state = "FAIL" if free < LEAST_FREE_GB else "WARN" if free < FREE_GB else "OK"
    yield Finding(state, "disk", f"{free:.1f} GB free at {folder}", "" if state == "OK" else "make room: messages are kept for ever")
    try:
        loaded.home.mkdir(parents=True, exist_ok=True)
        probe = loaded.home / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
        yield Finding("OK", "folder", f"{loaded.home} can be written")
    except OSError as error:
        yield Finding(
            "FAIL", "folder", f"{loaded.home} cannot be written: {error.strerror}", "give this user the right to, or set ZONEWATCH_HOME"
        )


def _database(loaded: Settings) -> Iterator[Finding]:
    try:
        store = open_store(loaded.database_url)
    except BadDatabase as error:
        yield Finding("FAIL", "database", str(error), "set ZONEWATCH_DATABASE_URL")
        return
    try:
        yield from _opened(store, loaded)
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", None) or error).splitlines()[0]
        yield Finding("FAIL", "database", f"cannot be reached: {said}", "is the server running, and the URL right?")
    finally:
        store.close()


def _opened(store: Store, loaded: Settings) -> Iterator[Finding]:
    with store.read() as conn:
        at, wanted = migrations.current(conn), migrations.head()
        if store.dialect == "sqlite":
            sound = conn.exec_driver_sql("PRAGMA quick_check(1)").scalar()
            yield Finding("OK" if sound == "ok" else "FAIL", "database file", str(sound), "" if sound == "ok" else "restore a backup")
    if at != wanted:
        state = "WARN" if loaded.embedded and at is None else "FAIL"
        yield Finding(state, "database", f"{store.dialect} at {at or 'nothing'}, needs {wanted}", "run `python app.py migrate`")
        return
    yield Finding("OK", "database", f"{store.dialect} at {at}")
    worker = lease.standing(store)
    if worker is None:
        yield Finding("WARN", "worker", "there never was one", "run `python app.py work`")
    elif worker["expires_at"] > clock.real_now():  # type: ignore[operator]
        yield Finding("OK", "worker", f"{worker['holder']} works")
    else:
        yield Finding("WARN", "worker", f"none since {worker['renewed_at']}", "run `python app.py work`")


def _channels(loaded: Settings, online: bool) -> Iterator[Finding]:
    from data.notify.send import look

    for channel in loaded.channels.values():
        what = f"channel {channel.id}"
        if channel.parts.scheme in ("http", "smtp"):
            yield Finding(
                "WARN",
                what,
                f"{channel.kind} over {channel.parts.scheme}://, which is not encrypted",
                "use it inside a closed network only",
            )
        if fault := look(channel, online):
            yield Finding("FAIL" if online else "WARN", what, fault, f"see ZONEWATCH_NOTIFY_{channel.id.upper()}_*")
        else:
            yield Finding("OK", what, f"{channel.kind}: {'answers' if online else 'declared'}")
    if loaded.channels and not loaded.public_url:
        yield Finding(
            "WARN", "links", "ZONEWATCH_PUBLIC_URL is not set: notifications have no links", "set it to where people reach Zonewatch"
        )


def _sources(loaded: Settings, world: World, online: bool) -> Iterator[Finding]:
    from data import breaker

    keys = {settings.feed_key(feed.id) for feed in world.feeds}
    for stray in sorted(set(loaded.feeds) - keys):
        yield Finding("WARN", "credentials", f"ZONEWATCH_FEED_{stray}_*: no feed has this id", "check the feed's id")
    for feed in world.feeds:
        if feed.source.startswith("sftp:") and not loaded.credentials(feed.id).user:
            name = f"ZONEWATCH_FEED_{settings.feed_key(feed.id)}"
            yield Finding("WARN", "credentials", f"{feed.id} has no user", f"set {name}_USER and {name}_PASSWORD or _KEY_FILE")
        try:
            breaker.limits_of(feed.options)
        except ValueError as error:
            yield Finding("WARN", f"options of {feed.id}", str(error), "the defaults hold until it is mended (docs/guide/feeds.md)")
        try:
            with closing(open_source(feed.source, loaded.credentials(feed.id), feed.fetch)) as source:
                found = source.look() if online else "can be used"
            yield Finding("OK", f"source of {feed.id}", f"{feed.source}: {found}")
        except BadSource as error:
            yield Finding(
                "FAIL" if online else "WARN", f"source of {feed.id}", str(error), f"see `source` in the place.yaml of {feed.place}"
            )
