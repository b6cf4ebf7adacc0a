"""work: the one worker process."""

from __future__ import annotations

import signal
import threading

import click

from commands._shared import house, say


@click.command()
def work() -> None:
    """Run the scheduled jobs until told to stop. A second worker stands by."""
    from data import work as worker
    from layouts._text.notice import tell

    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    with house() as ours:
        worker.work(ours.settings, ours.store, stopping, say, tell)
