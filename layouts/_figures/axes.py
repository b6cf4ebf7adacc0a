"""Hours, days and weeks along an axis: labels that are unique, ticks that are few."""

from __future__ import annotations

from collections.abc import Sequence

from data.queries._bins import DAY, HOUR, Bin
from layouts._text import say
from layouts._text.forms import date

MOST_TICKS = 14


def label(one: Bin, kind: str, language: str) -> str:
    """A bin in words: 21 Nov 14:00; Sat 21 Nov; W47, 16-22 Nov."""
    day = date(one.day, language, year=False)
    if kind == HOUR:
        return f"{day} {one.local:%H:%M}"
    if kind == DAY:
        return f"{say(f'throughput.weekday_{one.day.weekday()}', language)} {day}"
    week = say("throughput.week_of", language, week=str(one.week[1]))
    return f"{week}, {day} – {date(one.last_day, language, year=False)}"


def short(one: Bin, kind: str, language: str, first: bool) -> str:
    """The same under a tick: the hour alone, with the date where a day begins."""
    day = date(one.day, language, year=False)
    if kind == HOUR:
        return f"{one.local:%H:%M}<br>{day}" if first or one.local.hour == 0 else f"{one.local:%H:%M}"
    if kind == DAY:
        return f"{say(f'throughput.weekday_{one.day.weekday()}', language)}<br>{day}"
    return f"{say('throughput.week_of', language, week=str(one.week[1]))}<br>{day}"


def ticks(bins: Sequence[Bin], kind: str, language: str, most: int = MOST_TICKS) -> dict[str, object]:
    """Settings of a category axis over these bins, with at most so many ticks."""
    step = max(-(-len(bins) // most), 1)
    if kind == HOUR and step > 1:
        step = next((whole for whole in (2, 3, 4, 6, 12, 24) if whole >= step), 24)
    chosen = [one for n, one in enumerate(bins) if (one.local.hour % step == 0 if kind == HOUR else n % step == 0)] or list(bins)
    return {
        "type": "category",
        "tickmode": "array",
        "tickvals": [label(one, kind, language) for one in chosen],
        "ticktext": [short(one, kind, language, n == 0) for n, one in enumerate(chosen)],
        "tickangle": 0,
    }


def period(bins: Sequence[Bin], language: str) -> str:
    """First to last day: 8 Nov – 14 Nov 2026."""
    first, last = bins[0].day, bins[-1].last_day
    return f"{date(first, language, year=first.year != last.year)} – {date(last, language)}" if first != last else date(first, language)
