"""serve: the web application alone, as in production."""

from __future__ import annotations

import os
import sys

import click

from commands._shared import say, settings
from data.settings import REPOSITORY, Settings

THREADS = 8


@click.command()
def serve() -> None:
    """Serve the web application on BIND and PORT."""
    loaded = settings()
    loaded.session_key()
    say(f"serving on {address(loaded)}")
    if os.name == "posix":
        os.execv(sys.executable, server_command(loaded.bind, loaded.port, loaded.log_level))  # noqa: S606 - our own interpreter
    from werkzeug.serving import run_simple

    from app import create_server

    run_simple(loaded.bind, loaded.port, create_server(), threaded=True)


def address(loaded: Settings, port: int | None = None) -> str:
    """Where a browser on this machine finds it."""
    host = f"[{loaded.bind}]" if ":" in loaded.bind else loaded.bind
    return f"http://{host}:{port or loaded.port}{loaded.base_path}"


def server_command(bind: str, port: int, log_level: str = "warning") -> list[str]:
    """gunicorn with threads in one worker process: what a page asks is short, and SQLite is at its best in one process."""
    host = f"[{bind}]" if ":" in bind else bind
    return [
        sys.executable, "-m", "gunicorn", "app:create_server()", "--pythonpath", str(REPOSITORY), "--bind", f"{host}:{port}",
        "--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS), "--timeout", "60", "--graceful-timeout", "5",
        "--log-level", log_level, "--no-control-socket",
    ]  # fmt: skip
