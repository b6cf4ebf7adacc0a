"""Throughput in rows: a place's period against the one before, and what to know before believing its bars."""

from __future__ import annotations

from typing import Any

from data.queries.throughput import EVENTS, Throughput
from layouts._figures.axes import period
from layouts._figures.remarks import place_name
from layouts._figures.throughput import change, signed
from layouts._parts.chart import stamp
from layouts._parts.here import language, now, path, t
from layouts._parts.view import View
from layouts._text.forms import instant


def said_of(found: Throughput) -> list[str]:
    """What to know before believing the bars."""
    said = [t("throughput.hatched"), t("throughput.in_zone", zone=found.zone)]
    if not found.before and found.began:
        said.append(t("throughput.no_before", at=instant(found.began, found.zone, language(), now())))
    if found.shifted:
        said.append(t("throughput.shifted", minutes=found.shifted))
    return said


def row(found: Throughput, view: View) -> dict[str, Any]:
    """One place: its period, and how much more than in the one before."""
    shown = found.now
    events = {event: sum(slot.counts.get(event, (0, 0))[0] for slot in shown) for event in EVENTS}
    return {
        "place": (place_name(found.place), path("/throughput") + view.set(place=found.place, terminal="").query()),
        "period": period([slot.bin for slot in shown], language()) if shown else None,
        "movements": found.n,
        "change": signed(change(shown, found.before, 0), language()),
        "teu": sum(slot.total(1) for slot in shown),
        "teu_change": signed(change(shown, found.before, 1), language()),
        **events,
        "zone": found.zone,
        "age": stamp(found.as_of, None, found.zone),
        "age_text": found.as_of.isoformat() if found.as_of else "",
    }
