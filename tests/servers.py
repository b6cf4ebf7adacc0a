"""What the tests need from outside Python: a real PostgreSQL and a real Chromium.

What cannot be had is a failure that says what to install.
"""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Missing(RuntimeError):
    """Something the tests need is not there; the message says what to install."""


def postgres(*, autovacuum: bool = False) -> str:
    """The URL of a server on which databases may be made: ZONEWATCH_TEST_POSTGRES, else one of our own in a temporary folder.
    `autovacuum`: it looks after its tables, as a server in use does.
    """
    if given := os.environ.get("ZONEWATCH_TEST_POSTGRES"):
        return given
    folder = Path(tempfile.mkdtemp(prefix="zonewatch-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)  # before pgserver registers its own: that one runs first
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))  # pgserver warns where there is none
    folder.chmod(0o755)
    try:
        import pgserver

        server = pgserver.get_server(folder / "data", cleanup_mode="delete")
        # Nothing here has to survive a power cut.
        server.psql("ALTER SYSTEM SET fsync = off; ")
        server.psql("ALTER SYSTEM SET synchronous_commit = off;")
        server.psql("ALTER SYSTEM SET full_page_writes = off;")
        # Nor is it for chance to say which tables have statistics, by what another test left in them: a plan would depend on it.
        server.psql(f"ALTER SYSTEM SET autovacuum = {'on' if autovacuum else 'off'};")
        server.psql("SELECT pg_reload_conf();")
    except Exception as error:
        raise Missing(
            f"no PostgreSQL: pgserver does not start ({type(error).__name__}: {error}). "
            "Install a PostgreSQL and set ZONEWATCH_TEST_POSTGRES=postgresql://USER:PASSWORD@HOST/postgres"
        ) from error
    return str(server.get_uri())


def chromium() -> str:
    """A Chromium: CHROMIUM, else on the PATH, else the system's package where we are root, else playwright's own download."""
    if given := os.environ.get("CHROMIUM"):
        if not shutil.which(given):
            raise Missing(f"CHROMIUM={given} cannot be run")
        return given
    if found := _on_path():
        return found
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
        if found := _on_path():
            return found
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        raise Missing("no Chromium: install the package `chromium` (or Google Chrome), or set CHROMIUM to the path of one")
    return path


def _on_path() -> str | None:
    return next((found for name in BROWSERS if (found := shutil.which(name))), None)
