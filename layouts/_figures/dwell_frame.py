"""What stands around every figure of dwell and of ages: definition, n, data age, whose days they are, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dash.development.base_component import Component
from plotly import graph_objects as go

from data.queries.dwell import Inside
from layouts._figures.remarks import remarks
from layouts._parts.chart import chart, stamp
from layouts._parts.here import t
from layouts._parts.states import empty, no_data


def framed(drawn: go.Figure, found: Sequence[Any], columns: Any, told: Any, key: str, csv: str, note: str) -> Component:
    """A figure about some places (PlaceDwell or Inside) with its definition, n, data age, remarks and twin."""
    inside = isinstance(found[0], Inside)
    zones = {place.zone for place in found}
    heard = [place.sight.as_of for place in found if place.sight.as_of]
    remark = [part for place in found for part in remarks((), place.sight, place.zone)[1:]]
    zone = zones.pop() if len(zones) == 1 else ""
    said = [note, t("throughput.in_zone", zone=zone) if zone else t("dwell.own_days")]
    return chart(
        drawn,
        columns=columns,
        rows=told,
        title=t(key),
        definition=t("dwell.definition_inside" if inside else "dwell.definition"),
        n=sum(place.n if inside else place.whole.n for place in found),
        as_of=max(heard, default=None),
        zone=zone or found[0].zone,
        note=[" ".join(part for part in said if part), *remark],
        csv=csv,
        height=330,
    )


def data_age(found: Sequence[Any]) -> Component:
    """The data age of some places: of the source that was heard latest, in the zone of its place."""
    latest = max((place for place in found if place.sight.as_of), key=lambda place: place.sight.as_of, default=None)
    return stamp(latest.sight.as_of, None, latest.zone) if latest else stamp(None)


def nothing(found: Sequence[Any]) -> Component:
    """No box fits; or nothing was ever received."""
    return empty("dwell.empty") if any(place.sight.as_of for place in found) else no_data()
