"""Dwell in rows: what stands in the tables, and the words around the numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from data.queries.dwell import BANDS, Dwells, Inside, PlaceDwell
from layouts._figures.axes import label, period
from layouts._figures.dwell import DAY, thinned
from layouts._figures.remarks import part_name, place_name
from layouts._parts.here import language, now, t
from layouts._parts.marks import time
from layouts._parts.table import Column
from layouts._parts.view import View
from layouts._text import word
from layouts._text.forms import duration, limit
from zones.codes import DIRECTIONS, FULL_EMPTY, MODES
from zones.limits import Limit

_CODES = {"mode": ("mode", MODES), "direction": ("direction", DIRECTIONS), "full_empty": ("fullempty", FULL_EMPTY)}


def long(minutes: int | None, lang: str) -> str | None:
    """A dwell in words; None stays None."""
    return None if minutes is None else duration(minutes, lang)


def over(found: Sequence[PlaceDwell]) -> float | None:
    """The share of all imports that stayed longer than the limit of their place; None where no place has both."""
    counted = [(share, place.whole.imports.total()) for place in found if (share := place.whole.over(place.limit_minutes)) is not None]
    n = sum(weight for _, weight in counted)
    return sum(share * weight for share, weight in counted) / n if n else None


def limits(found: Iterable[PlaceDwell]) -> str:
    """Of imports; limit 5 days; or that it differs, or that there is none."""
    known = {written(place.limit) for place in found if place.limit is not None and place.whole.imports.total()}
    if not known:
        return t("dwell.no_limit")
    return t("dwell.of_imports", limit=known.pop()) if len(known) == 1 else t("dwell.of_imports_each")


def written(declared: Limit) -> str:
    """5 days; and that nobody has confirmed it, where nobody has."""
    said = limit(str(declared.value), language())
    return said if declared.confirmed else t("shell.unconfirmed", limit=said)


def period_of(found: Sequence[PlaceDwell]) -> str:
    """The days that are looked at."""
    return period([slot.bin for slot in found[0].slots], language())


def part(place: str, view: View, code: str) -> str:
    """What a part is called."""
    split = view.get("split", "direction")
    kind, codes = _CODES.get(split, ("", ()))
    return part_name(place, split, code, {one: word(kind, one, language()) for one in codes})


def trend_columns(kind: str) -> list[Column]:
    return [
        Column("place", t("shell.filter_place")),
        Column("slot", t(f"throughput.bin_{kind}")),
        *_numbers(),
        Column("complete", t("throughput.complete")),
    ]


def trend(found: Iterable[tuple[str, PlaceDwell]], kind: str) -> list[dict[str, Any]]:
    """A row a place and slot."""
    return [
        {
            "place": name,
            "slot": label(slot.bin, kind, language()),
            **_values(slot.dwells, place),
            "complete": t("shell.yes" if slot.complete else "shell.no"),
        }
        for name, place in found
        for slot in place.slots
    ]


def curve_columns() -> list[Column]:
    return [
        Column("name", t("dwell.part")),
        Column("days", t("dwell.days"), "decimal"),
        Column("share", t("dwell.share_left"), "percent"),
        Column("so_far", t("dwell.n"), "number"),
    ]


def curve(named: Iterable[tuple[str, Dwells]]) -> list[dict[str, Any]]:
    """A row a point of a curve."""
    return [
        {"name": name, "days": minutes / DAY, "share": share, "so_far": so_far}
        for name, dwells in named
        for minutes, share, so_far in thinned(dwells.curve())
    ]


def part_columns() -> list[Column]:
    return [
        Column("place", t("shell.filter_place")),
        Column("part", t("dwell.part")),
        *_numbers(),
        Column("limit", t("dwell.limit")),
        Column("unmeasured", t("dwell.unmeasured"), "number"),
    ]


def parts(found: Iterable[PlaceDwell], view: View) -> list[dict[str, Any]]:
    """A row a place, then one for each of its parts."""
    told: list[dict[str, Any]] = []
    for place in found:
        said = written(place.limit) if place.limit else t("shell.none")
        told.append(
            {
                "place": place_name(place.place),
                "part": t("shell.all"),
                **_values(place.whole, place),
                "limit": said,
                "unmeasured": place.unmeasured,
            }
        )
        if len(place.parts) > 1:
            told += [
                {"place": place_name(place.place), "part": part(place.place, view, code), **_values(one, place), "limit": said}
                for code, one in place.parts.items()
            ]
    return told


def band(low: int, high: int | None) -> str:
    """An age in days: under 1 day, 1 to 3 days, 90 days and more."""
    if high is None:
        return t("dwell.band_last", low=low)
    return t("dwell.band_first", high=high) if low == 0 else t("dwell.band", low=low, high=high)


def as_one(found: Sequence[Inside]) -> Inside:
    """Several places as one, band by band."""
    edges = (0, *BANDS)
    bands = tuple(
        (
            low,
            edges[n + 1] if n < len(BANDS) else None,
            sum(place.bands[n][2] for place in found),
            sum(place.bands[n][3] for place in found),
        )
        for n, low in enumerate(edges)
    )
    first = found[0]
    return Inside(first.place, first.zone, bands, sum(place.over for place in found), first.limit, (), first.sight)


def age_columns() -> list[Column]:
    return [
        Column("age", t("dwell.age")),
        Column("known", t("dwell.entry_known"), "number"),
        Column("unknown", t("dwell.entry_unknown"), "number"),
    ]


def ages(whole: Inside) -> list[dict[str, Any]]:
    """A row a band."""
    return [{"age": band(low, high), "known": known, "unknown": unknown} for low, high, known, unknown in whole.bands]


def over_now(found: Iterable[Inside]) -> str:
    """How many imports are inside over the limit of their place."""
    counted = [place for place in found if place.limit is not None]
    return t("dwell.over_now", n=sum(place.over for place in counted)) if counted else ""


def oldest_columns() -> list[Column]:
    names = ("equipment", "age", "since", "place", "direction", "full_empty", "held")
    kinds = {"equipment": "box", "age": "minutes", "since": "node"}
    return [Column(name, t(f"dwell.col_{name}"), kinds.get(name, "text")) for name in names]


def oldest(found: Iterable[Inside]) -> list[dict[str, Any]]:
    """The oldest of all places, a row a box. An age without a known entry is at least so long, and says so."""
    told = [
        {
            "equipment": row["equipment"],
            "age": int((now() - row["opened_at"]).total_seconds() // 60),
            "since": [time(row["opened_at"], place.zone), "" if row["entered_at"] else f" {t('dwell.at_least')}"],
            "since_text": row["opened_at"].isoformat(),
            "place": place_name(place.place),
            "direction": word("direction", row["direction"], language()),
            "full_empty": word("fullempty", row["full_empty"], language()),
            "held": row["held"] or None,
        }
        for place in found
        for row in place.oldest
    ]
    return sorted(told, key=lambda row: -row["age"])[:20]


def _numbers() -> list[Column]:
    return [
        Column("n", t("dwell.n"), "number"),
        Column("median", t("dwell.median"), "minutes"),
        Column("p90", t("dwell.p90"), "minutes"),
        Column("over", t("dwell.over"), "percent"),
    ]


def _values(dwells: Dwells, place: PlaceDwell) -> dict[str, Any]:
    return {"n": dwells.n, "median": dwells.minutes(0.5), "p90": dwells.minutes(0.9), "over": dwells.over(place.limit_minutes)}
