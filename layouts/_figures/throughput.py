"""Throughput: stacked bars by part, the period before as a dashed line over the same axis, what is not complete hatched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from plotly import graph_objects as go

from data.queries.throughput import Slot, Throughput
from layouts._figures.axes import label, period, ticks
from layouts._text import say
from layouts._text.forms import decimal, number

MOVEMENTS, TEU = "movements", "teu"
_OF = {MOVEMENTS: 0, TEU: 1}


def bars(found: Throughput, measure: str, words: Mapping[str, str], language: str, most: int = 14) -> go.Figure:
    """One place's slots. `words`: part -> its name, in the order in which the parts are stacked."""
    of, figure = _OF[measure], go.Figure()
    x = [label(slot.bin, found.kind, language) for slot in found.now]
    hatch = ["" if slot.complete else "/" for slot in found.now]
    for part, name in words.items():
        y = [value(slot, part, of) for slot in found.now]
        # A part that never occurs keeps its turn, so that the others have the same colour at every place.
        figure.add_bar(
            width=None if len(x) > 3 else 0.35,
            x=x,
            y=y,
            name=name,
            marker={"pattern": {"shape": hatch}},
            hovertemplate="%{y:,}",
            showlegend=any(y),
        )
    if found.before:
        before = [slot.total(of) / (100 if of else 1) if slot.known else None for slot in found.before]
        name = say("throughput.before", language, period=period([slot.bin for slot in found.before], language))
        figure.add_scatter(
            x=x, y=before, name=name, mode="lines+markers", line={"dash": "dot", "width": 1.5}, marker={"size": 4}, hovertemplate="%{y:,}"
        )
    unit = say(f"throughput.unit_{measure}", language)
    figure.update_layout(
        barmode="stack",
        legend={"traceorder": "normal"},
        xaxis=ticks([slot.bin for slot in found.now], found.kind, language, most),
        yaxis={"title": {"text": unit}},
    )
    return figure


def value(slot: Slot, part: str, of: int) -> float:
    """What a part counts in a slot: movements, or TEU."""
    counted = slot.counts.get(part, (0, 0))[of]
    return counted / 100 if of else counted


def rows(found: Throughput, measure: str, words: Mapping[str, str], language: str) -> list[dict[str, Any]]:
    """The same as a table: a row a slot."""
    of, told = _OF[measure], []
    for n, slot in enumerate(found.now):
        earlier = found.before[n] if n < len(found.before) and found.before[n].known else None
        told.append(
            {
                "slot": label(slot.bin, found.kind, language),
                **{f"part_{part}": value(slot, part, of) for part in words},
                "total": slot.total(of) / (100 if of else 1),
                "before": None if earlier is None else earlier.total(of) / (100 if of else 1),
                "complete": say("shell.yes" if slot.complete else "shell.no", language),
            }
        )
    return told


def change(now: Sequence[Slot], before: Sequence[Slot], of: int) -> float | None:
    """How much more than in the period before, as a share of it, over the slots that are complete and known in both; None where none is."""
    pairs = [(a, b) for a, b in zip(now, before, strict=False) if a.complete and b.known and b.complete]
    earlier = sum(b.total(of) for _, b in pairs)
    return sum(a.total(of) for a, _ in pairs) / earlier - 1 if earlier else None


def signed(share: float | None, language: str) -> str | None:
    """A change in words: +12%, -3.4%; None stays None."""
    if share is None:
        return None
    sign = "+" if share >= 0 else "−"
    size = abs(share) * 100
    return f"{sign}{number(size, language) if size >= 10 else decimal(size, language)}%"
