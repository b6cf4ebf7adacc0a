"""How much alarm people can bear, and how much there was: rates, floods, mix. Pure; targets with their source.

Targets that are known from memory only are not used: for standing and chattering alerts a number is given and no target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from zones.backtest import WINDOW, Flood, floods
from zones.episode import SEVERITIES

PER_SPAN = 1.0  # per officer in ten minutes: EEMUA 191, steady rate
PEAK_HOUR = 15  # EEMUA 191
FLOOD_SHARE = 0.01  # of the time: ISA-18.2 as vendors sum it up
MIX = {"act_now": 0.05, "today": 0.15, "queue": 0.80}  # EEMUA 191, high, medium, low
PER_SHIFT = 12  # Act now and Today per officer: our own start, since a customs case takes 10 to 60 minutes
STANDING = timedelta(hours=24)
RETURNS, WITHIN = 3, timedelta(hours=1)  # chattering: came back so often within so long (our own definition)
HOUR = timedelta(hours=1)
SHIFT = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Load:
    """New alerts of one place in [since, until), and what they ask of `officers`. Shares of 1; None where there is nobody or no time."""

    since: datetime
    until: datetime
    officers: int
    n: int
    mix: Mapping[str, int]
    spans: int
    per_span: float | None
    peak_span: float | None
    over_share: float | None
    peak_hour: float | None
    per_shift: float | None
    floods: tuple[Flood, ...]
    flood_share: float | None

    def share(self, severity: str) -> float | None:
        """The share of a severity among all."""
        return self.mix[severity] / self.n if self.n else None


def load(came: Sequence[tuple[datetime, str]], since: datetime, until: datetime, officers: int) -> Load:
    """`came`: (moment, severity) of each new alert in the period."""
    spans = max(-((since - until) // WINDOW), 1)
    by_span = Counter((at - since) // WINDOW for at, _ in came)
    by_hour = Counter((at - since) // HOUR for at, _ in came)
    mix = Counter(severity for _, severity in came)
    found = tuple(floods(at for at, _ in came))
    over = sum(1 for n in by_span.values() if officers and n / officers > PER_SPAN)
    urgent = mix["act_now"] + mix["today"]
    flooded = sum((min(flood.ended, until) - flood.began for flood in found), timedelta())
    return Load(
        since=since,
        until=until,
        officers=officers,
        n=len(came),
        mix={name: mix[name] for name in SEVERITIES},
        spans=spans,
        per_span=len(came) / spans / officers if officers else None,
        peak_span=max(by_span.values(), default=0) / officers if officers else None,
        over_share=over / spans if officers else None,
        peak_hour=max(by_hour.values(), default=0) / officers if officers else None,
        per_shift=urgent / officers / ((until - since) / SHIFT) if officers and until > since else None,
        floods=found,
        flood_share=flooded / (until - since) if until > since else None,
    )


def chattering(returned: Sequence[datetime]) -> bool:
    """Whether an alert that came back at these moments did so RETURNS times WITHIN an hour."""
    order = sorted(returned)
    return any(order[n + RETURNS - 1] - order[n] <= WITHIN for n in range(len(order) - RETURNS + 1))
