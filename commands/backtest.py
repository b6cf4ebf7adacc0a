"""backtest: the spells a rule would have had under other limits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import click

from commands._shared import MOMENT, as_json, house, say, tell


@click.command()
@click.argument("rule")
@click.option("--since", required=True, type=MOMENT, help="Spells that begin from this time on.")
@click.option("--until", required=True, type=MOMENT, help="Up to this time, which is not in it.")
@click.option("--set", "limits", multiple=True, metavar="LIMIT=VALUE", help="Another value of a limit; may be given several times.")
@click.option("--place", "places", multiple=True, help="Only this place; may be given several times.")
@as_json
def backtest(rule: str, since: datetime, until: datetime, limits: tuple[str, ...], places: tuple[str, ...], as_json: bool) -> None:
    """The spells RULE would have had in a period, each gained, lost or same against today's limits. Writes nothing."""
    from data import backtest as test

    asked = dict(each.partition("=")[::2] for each in limits)
    found: list[dict[str, Any]] = []
    with house() as ours:
        own = tuple(dict.fromkeys(places)) or tuple(ours.world.places)
        last = -1
        try:
            for done, of, piece in test.spells(ours.store, ours.world, rule, own, since, until, asked, ours.now):
                found += [spell.said() for spell in piece]
                if (percent := 100 * done // max(of, 1)) > last:
                    last = percent
                    say(f"{percent}% ({done:,} of {of:,})")
        except test.NotThat as error:
            raise click.UsageError(str(error)) from error
    found.sort(key=lambda each: (each["began_at"], each["subject"], each["state"]))
    counts = {state: sum(each["state"] == state for each in found) for state in test.STATES}
    period = {"since": since.isoformat(), "until": until.isoformat()}
    result = {"rule": rule, **period, "places": list(own), "limits": asked, **counts, "spells": found}

    def text() -> Iterator[str]:
        yield ", ".join(f"{name} {n:,}" for name, n in counts.items())
        for each in found:
            yield f"{each['state']:7}{each['began_at']} .. {each['ended_at'] or '':25} {each['severity']:8} {each['subject']}"

    tell(result, as_json, text)
