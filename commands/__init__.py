"""The command line: one command a file, found by name. A module that begins with `_` is a shared part.

Each module has a click command of the module's own name (`check_feed` in check_feed.py becomes `check-feed`).
Exit codes: 0 done; 1 an identity fails, a file could not be read from disk, or check found FAIL; 2 wrong usage or refused.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

import click

from data.people import Refused
from data.raw import RawFailed
from data.settings import BadSetting
from data.sources import BadSource
from data.store.engine import BadDatabase
from data.store.migrations import NotMigrated
from zones.world import BadDeclarations

REFUSALS = (BadSetting, BadDatabase, BadDeclarations, BadSource, NotMigrated, RawFailed, Refused)


class Commands(click.Group):
    """Commands found in this package; loaded when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(info.name.replace("_", "-") for info in pkgutil.iter_modules(__path__) if not info.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), module)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Refusals are answers, not crashes: their text on standard error, exit 2."""
        try:
            return super().invoke(ctx)
        except REFUSALS as refusal:
            failure = click.ClickException(str(refusal))
            failure.exit_code = 2
            raise failure from refusal


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Zonewatch: supervision of free trade zones and seaports."""
