"""run: web application and worker together on this machine; with DEMO the synthetic port, set up on first start."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.error import URLError
from urllib.request import urlopen

import click

from commands._shared import say, settings
from commands.serve import address, server_command
from data import clock, declared, people
from data.settings import REPOSITORY, Settings
from data.store import migrations
from data.store.engine import open_store

RESTARTS, WITHIN_S = 3, 60.0
PORTS = 50
PATIENCE_S = 10.0


@click.command()
def run() -> None:
    """Serve and work in one process group until Ctrl-C. Data stay in HOME."""
    loaded = settings()
    loaded.session_key()
    port = free_port(loaded.bind, loaded.port)
    prepare(loaded)
    own = [sys.executable, str(REPOSITORY / "app.py")]
    web = server_command(loaded.bind, port) if os.name == "posix" else [*own, "serve"]
    environment = {name: value for name, value in os.environ.items() if name != "ZONEWATCH_PORT_FILE"} | {"ZONEWATCH_PORT": str(port)}
    children = [Child("web", web, environment), Child("worker", [*own, "work"], environment)]
    sys.exit(keep_up(children, lambda: welcome(loaded, port)))


def prepare(loaded: Settings) -> None:
    """The database up to date, declarations sound, and in the demo its port told up to now. One line a step."""
    demo = False
    if loaded.demo:
        from data import first

        demo = first.needed(loaded)
        if demo:
            first.write_demo(loaded, say)
            loaded = settings()  # the demo's law lies in HOME/limits now
    say("bringing the database up")
    store = open_store(loaded.database_url)
    try:
        migrations.migrate(store)
        world = declared.load(loaded)
        if demo:
            first.take_history(loaded, store, world, say)
        elif loaded.demo:
            people.make_demo_accounts(store, clock.now())
    finally:
        store.close()


def welcome(loaded: Settings, port: int) -> None:
    """The last lines: where it is, how to sign in, how it ends."""
    if port != loaded.port:
        say(f"port {loaded.port} is taken: using {port}")
    say("")
    say(f"Zonewatch is at {address(loaded, port)}")
    if loaded.demo:
        say(f"Sign in as {', '.join(people.DEMO_ACCOUNTS)}; the password is the name.")
    else:
        say("Sign in with an account (`python app.py user add NAME --role officer`).")
    say(f"Ctrl-C ends it. The data stay in {_short(loaded)}; `make fresh` starts over.")


def free_port(bind: str, port: int) -> int:
    """This port, or the next that is free. Errors: a usage error when none of 50 is."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    for candidate in range(port, min(port + PORTS, 65536)):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((bind, candidate))
                return candidate
            except PermissionError as error:
                raise click.UsageError(f"port {candidate} may not be used: {error.strerror}") from error
            except OSError:
                continue
    raise click.UsageError(f"no port from {port} to {port + PORTS - 1} is free on {bind}")


@dataclass(slots=True)
class Child:
    """A process we keep up."""

    name: str
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS + 1))

    def start(self) -> None:
        """Start it in our process group; it ends with us, whatever ends us."""
        self.starts.append(clock.monotonic())
        prepared = _as_our_child if os.name == "posix" else None
        self.process = subprocess.Popen(self.command, env=self.environment, preexec_fn=prepared)

    def failing(self) -> bool:
        """Whether it was started again too often to go on."""
        return len(self.starts) > RESTARTS and self.starts[-1] - self.starts[0] < WITHIN_S


def keep_up(children: list[Child], greet: Callable[[], None]) -> int:
    """Run the children until told to stop; restart one that ends, give up when it keeps ending. The exit code."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    for child in children:
        child.start()
    reason = ""
    greeted = False
    while not reason and not stopping.wait(0.3):
        if not greeted and _answers(children[0]):
            greeted = True
            greet()
        for child in children:
            code = child.process.poll() if child.process else None
            if code is None:
                continue
            if child.failing():
                reason = f"the {child.name} ended {len(child.starts)} times (exit {code}): stopping; the reason stands above"
                break
            say(f"the {child.name} ended (exit {code}): starting it again")
            stopping.wait(1.0)
            child.start()
    say(reason or "stopping")
    _stop(children)
    return 1 if reason else 0


def _stop(children: list[Child]) -> None:
    for child in children:
        if child.process and child.process.poll() is None:
            child.process.terminate()
    until = clock.monotonic() + PATIENCE_S
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, until - clock.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


def _answers(web: Child) -> bool:
    """Whether the web application answers yet."""
    port, loaded = int(web.environment["ZONEWATCH_PORT"]), Settings.load()
    try:
        with urlopen(f"{address(loaded, port)}healthz", timeout=1) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _as_our_child() -> None:
    """Ctrl-C goes to the whole group, but only we answer it: a child that is just starting would end in a traceback. We end it by SIGTERM,
    and on Linux the kernel does where we were killed.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _short(loaded: Settings) -> str:
    default = REPOSITORY / "var"
    return "./var" if loaded.home == default else str(loaded.home)
