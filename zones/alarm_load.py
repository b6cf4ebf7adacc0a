"""How much alarm people can bear, and how much there was: rates, floods, mix. Pure; targets with their source.

What is asked of people is asked of those who were on duty: each ten minutes by who was there in them. Nobody can be asked what came while
nobody was; that is counted by itself. Where no duty was kept in all the period, the accounts that may work there stand in, and it is said.

Targets that are known from memory only are not used: for standing and chattering alerts a number is given and no target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
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
_SPANS_AN_HOUR = HOUR // WINDOW


@dataclass(frozen=True, slots=True)
class Load:
    """New alerts of one place in [since, until), and what they ask of whoever was on duty. Shares of 1; None where there is nobody, or no
    time.

    `officers`: on average, in hundredths; `by_duty`: by who was on duty, else by accounts; `unmanned`: how many spans had nobody, and
    `alone` how many alerts came in them; `by_shift`: shift -> how many were on duty, on average, in hundredths.
    """

    since: datetime
    until: datetime
    officers: int
    by_duty: bool
    unmanned: int
    alone: int
    by_shift: Mapping[str, int]
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


Duty = tuple[str, datetime, datetime]  # who was on duty, from when, until when


def load(
    came: Sequence[tuple[datetime, str]],
    since: datetime,
    until: datetime,
    duty: Sequence[Duty],
    accounts: int = 0,
    shift: Callable[[datetime], str | None] = lambda at: None,
) -> Load:
    """`came`: (moment, severity) of each new alert in the period; `shift`: of a moment the name of the shift that is on."""
    spans = max(-((since - until) // WINDOW), 1)
    here = present(duty, since, spans) if duty else [accounts] * spans
    hours = present(duty, since, -(-spans // _SPANS_AN_HOUR), HOUR) if duty else [accounts] * spans
    by_span = Counter((at - since) // WINDOW for at, _ in came)
    by_hour = Counter((at - since) // HOUR for at, _ in came)
    mix = Counter(severity for _, severity in came)
    found = tuple(floods(at for at, _ in came))
    there = sum(here)
    alone = sum(n for span, n in by_span.items() if not here[span])
    urgent = sum(1 for at, severity in came if severity != "queue" and here[(at - since) // WINDOW])
    flooded = sum((min(flood.ended, until) - flood.began for flood in found), timedelta())
    return Load(
        since=since,
        until=until,
        officers=round(100 * there / spans),
        by_duty=bool(duty),
        unmanned=here.count(0),
        alone=alone,
        by_shift=_by_shift(here, since, shift) if duty else {},
        n=len(came),
        mix={name: mix[name] for name in SEVERITIES},
        spans=spans,
        per_span=(len(came) - alone) / there if there else None,
        peak_span=max((n / here[span] for span, n in by_span.items() if here[span]), default=0.0) if there else None,
        over_share=sum(1 for span, n in by_span.items() if here[span] and n / here[span] > PER_SPAN) / spans if there else None,
        peak_hour=max((n / hours[hour] for hour, n in by_hour.items() if hours[hour]), default=0.0) if there else None,
        per_shift=urgent / (there * WINDOW / SHIFT) if there else None,
        floods=found,
        flood_share=flooded / (until - since) if until > since else None,
    )


def present(duty: Sequence[Duty], since: datetime, spans: int, length: timedelta = WINDOW) -> list[int]:
    """Of each span how many people were on duty in any of it."""
    people: list[set[str]] = [set() for _ in range(spans)]
    for name, began, ended in (each for each in duty if each[1] < each[2]):
        for span in range(max((began - since) // length, 0), min(-((since - ended) // length), spans)):
            people[span].add(name)
    return [len(names) for names in people]


def _by_shift(here: Sequence[int], since: datetime, shift: Callable[[datetime], str | None]) -> dict[str, int]:
    """Shift -> how many were on duty in it on average, in hundredths; each span belongs to the shift in which it begins."""
    found: dict[str, list[int]] = {}
    for n, people in enumerate(here):
        name = shift(since + n * WINDOW)
        if name is not None:
            found.setdefault(name, []).append(people)
    return {name: round(100 * sum(each) / len(each)) for name, each in sorted(found.items())}


def chattering(returned: Sequence[datetime]) -> bool:
    """Whether an alert that came back at these moments did so RETURNS times WITHIN an hour."""
    order = sorted(returned)
    return any(order[n + RETURNS - 1] - order[n] <= WITHIN for n in range(len(order) - RETURNS + 1))
