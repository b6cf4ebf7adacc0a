"""Which form a file's times are in: the candidate that reads all of them, and the row that decides between day first and month first.

Every candidate is tried with the readers' own code, so what is proposed here is read there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

from data.feeds._when import by_format, iso, to_utc

Read = Callable[[str], tuple[datetime, str] | None]

_DAYS = ("%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%Y{0}%m{0}%d", "%d{0}%m{0}%y", "%m{0}%d{0}%y", "%y{0}%m{0}%d", "%d{0}%b{0}%Y", "%d{0}%b{0}%y")
_CLOCKS = (" %H:%M", " %H:%M:%S", "", " %I:%M %p", " %I:%M:%S %p", " %H%M", " %Hh%M", "T%H:%M", " %H.%M")
_PLAIN = (
    "%Y%m%d%H%M", "%Y%m%d%H%M%S", "%d%m%Y%H%M", "%d%m%Y %H%M", "%d%m%Y", "%y%m%d%H%M", "%Y%m%d %H%M", "%Y%m%d %H:%M", "%Y%m%d %H:%M:%S",
    "%Y年%m月%d日 %H:%M", "%Y年%m月%d日%H:%M", "%Y年%m月%d日 %H时%M分", "%Y年%m月%d日%H时%M分", "%Y年%m月%d日",
)  # fmt: skip
_LETTERS = re.compile("[A-Za-z]{2}")
OFFERED = 12  # forms to choose from
FIRST = 200  # distinct texts that every candidate is tried on; the best ones then read the rest


@dataclass(frozen=True, slots=True)
class Form:
    """A form of times ("" is ISO 8601, None: none reads most of them), why (a key of because.py with values), how many texts it reads;
    all forms that read any of them, the best first."""

    pattern: str | None
    because: str
    values: Mapping[str, Any]
    read: int = 0
    of: int = 0
    others: tuple[str, ...] = ()


@cache
def readers() -> Mapping[str, Read]:
    """Every candidate with its reader, likelier ones first; "" is ISO 8601."""
    dated = [day.format(mark) + clock for mark, clock, day in product("/.- ", _CLOCKS, _DAYS)]
    first = [f"{clock.strip()} {day.format(mark)}" for mark, clock, day in product("/.-", _CLOCKS[:2], _DAYS[:3])]
    return {"": iso, **{pattern: _reader(pattern) for pattern in (*dated, *first, *_PLAIN)}}


def _reader(pattern: str) -> Read:
    """A reader that need not be asked where the text lacks the letters of AM and PM or of a month: such forms are slow to try."""
    read = by_format(pattern)
    if "%b" not in pattern and "%p" not in pattern:
        return read
    return lambda text: read(text) if _LETTERS.search(text) else None


@lru_cache(maxsize=20_000)
def looks_like_a_time(text: str) -> bool:
    """Whether any candidate reads it."""
    return len(text) <= 40 and text[:1].isalnum() and any(map(str.isdigit, text)) and any(read(text) for read in readers().values())


def form_of(texts: Sequence[tuple[int, str]], zone: ZoneInfo, by: datetime) -> Form:
    """The form of these (line number, text), which happened in `zone` before `by`."""
    known = dict.fromkeys(text for _, text in texts)
    if not known:
        return Form(None, "time_none", {})
    some = list(known)[:FIRST]
    counts = {pattern: sum(read(text) is not None for text in some) for pattern, read in readers().items()}
    most = max(counts.values())
    others = tuple(sorted((pattern for pattern, n in counts.items() if n), key=lambda pattern: -counts[pattern])[:OFFERED])
    if 2 * most <= len(some):
        return Form(None, "time_unread", {"example": some[0], "n": len(some)}, 0, len(texts), others)
    best = [pattern for pattern, n in counts.items() if n == most]
    reads = {pattern: [(line, text, found[0]) for line, text in texts if (found := readers()[pattern](text))] for pattern in best}
    full = max(map(len, reads.values()))
    best = [pattern for pattern in best if len(reads[pattern]) == full]
    chosen = best[0] if "" not in best else ""
    if len(best) > 1 and chosen:
        chosen, because, values = _told_apart(best, reads, zone, by)
        return Form(chosen, because, values, full, len(texts), others)
    return Form(chosen, *_why(chosen, texts, reads[chosen]), full, len(texts), others)


def _why(chosen: str, texts: Sequence[tuple[int, str]], read: Sequence[tuple[int, str, datetime]]) -> tuple[str, Mapping[str, Any]]:
    """Why this one alone: what a day above 12 decides, or that nothing else reads them."""
    values: dict[str, Any] = {"n": len(read), "all": len(texts)}
    if len(read) < len(texts):
        taken = {(line, text) for line, text, _ in read}
        line, text = next(pair for pair in texts if pair not in taken)
        return "time_most", values | {"line": line, "text": text}
    if not chosen:
        return "time_iso", values
    other = readers().get(_swapped(chosen))
    deciding = next(((line, text) for line, text, _ in read if other and not other(text)), None)
    if deciding:
        key = "time_day_first" if chosen.index("%d") < chosen.index("%m") else "time_month_first"
        return key, values | {"line": deciding[0], "text": deciding[1]}
    return "time_only", values


def _swapped(pattern: str) -> str:
    return pattern.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")


def _told_apart(
    best: Sequence[str], reads: Mapping[str, Sequence[tuple[int, str, datetime]]], zone: ZoneInfo, by: datetime
) -> tuple[str, str, Mapping[str, Any]]:
    """Of several that read all: fewest times to come, then the shortest span (the file is of one day or week, not of all months)."""

    def odd(pattern: str) -> tuple[int, float]:
        times = [_utc(found, zone) for _, _, found in reads[pattern]]
        ahead = sum(at > by for at in times)
        return ahead, (max(times) - min(times)).total_seconds()

    ranked = sorted(best, key=odd)
    chosen, other = ranked[0], next((p for p in ranked[1:] if p == _swapped(ranked[0])), ranked[1])
    values = {"n": len(reads[chosen]), "other": other or "ISO 8601"}
    (ahead, span), (others, longer) = odd(chosen), odd(other)
    if ahead < others:
        return chosen, "time_not_ahead", values | {"ahead": others}
    return chosen, "time_shorter" if span < longer else "time_cannot_tell", values


def _utc(found: datetime, zone: ZoneInfo) -> datetime:
    try:
        return found.astimezone(UTC) if found.tzinfo else to_utc(found, zone)
    except (ValueError, OverflowError):
        return datetime.max.replace(tzinfo=UTC)
