"""Tables for other programs: the columns of the public contract, times in UTC, one row a thing (written by data/export_files.py)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import export_alerts, export_goods
from data.asof import books
from data.books import movement_row, stay_of
from data.export_columns import COLUMNS, COLUMNS_OF_GOODS, STAYS
from data.export_files import WRITERS
from data.keep import Row
from data.known import as_known, known
from data.store import tables as t
from data.store.engine import Store
from data.versions import as_counted
from zones.stay import Stay
from zones.world import World

WARN = "import_dwell_warn"
FIGURES = {"lat": 10**6, "lon": 10**6, "temp": 10, "set_temp": 10}  # how many parts of a degree are kept


class Question:
    """What is asked for: the place, the period, and the two clocks."""

    def __init__(
        self,
        conn: Connection,
        world: World,
        now: datetime,
        place: str | None,
        since: datetime | None,
        until: datetime | None,
        as_of: datetime | None,
        known_at: datetime | None,
        say: Callable[..., str] | None,
    ) -> None:
        self.conn, self.world, self.now, self.say = conn, world, now, say
        self.place, self.since, self.until, self.as_of, self.known_at = place, since, until, as_of, known_at

    @property
    def past(self) -> bool:
        """Whether another moment than the present is asked for: then everything is folded for it."""
        return self.as_of is not None or self.known_at is not None

    @property
    def moment(self) -> datetime:
        """The moment that ages are counted to."""
        return self.as_of or self.known_at or self.now

    def within(self, at: datetime | None) -> bool:
        """Whether an instant lies in [since, until)."""
        if self.since is None and self.until is None:
            return True
        return at is not None and (self.since is None or at >= self.since) and (self.until is None or at < self.until)

    def rows(self, table: sa.Table, time: str, *order: str) -> Iterator[Row]:
        """Rows of a table at the place whose time lies in the period."""
        question = sa.select(table)
        if self.place and "place" in table.c:
            question = question.where(table.c.place == self.place)
        elif self.place:
            feeds = [feed.id for feed in self.world.place(self.place).feeds]
            question = question.where(table.c.feed.in_(feeds))
        if self.since is not None:
            question = question.where(table.c[time] >= self.since)
        if self.until is not None:
            question = question.where(table.c[time] < self.until)
        if "outread_at" in table.c:
            question = question.where(*known(table, self.known_at))
        elif "received_at" in table.c:  # a message is known when it happens: when it is received
            moments = [moment for moment in (self.as_of, self.known_at) if moment is not None]
            question = question.where(*(table.c.received_at <= moment for moment in moments))
        for row in self.conn.execution_options(yield_per=2000).execute(question.order_by(*(table.c[name] for name in order))).mappings():
            yield dict(row)


def export(
    store: Store,
    world: World,
    what: str,
    to: Path,
    fmt: str,
    place: str | None,
    since: datetime | None,
    until: datetime | None,
    as_of: datetime | None,
    known_at: datetime | None,
    of: str,
    now: datetime,
    say: Callable[..., str] | None = None,
) -> dict[str, Any]:
    """Write a table to a file; gives what, where and how many rows. `say` renders an alert's sentence in English, at a moment."""
    with store.read(patient=True) as conn:
        asked = Question(conn, world, now, place, since, until, as_of, known_at, say)
        goods = what == "inventory" and of == "goods"
        columns, source = (COLUMNS_OF_GOODS, export_goods.inventory) if goods else (COLUMNS[what], SOURCES[what])
        count = WRITERS[fmt](to, columns, source(asked))
    return {"what": what, "to": str(to), "format": fmt, "rows": count}


# ---------------------------------------------------------------- what


def reports(asked: Question) -> Iterator[Row]:
    """Every report, whatever it counts as; of a past moment with what it counted as then."""
    if not asked.past:
        for row in asked.rows(t.report, "occurred_at", "equipment", "occurred_at", "report_id"):
            yield _report(row)
        return
    for _, book, rows in books(asked.conn, asked.world, asked.place, asked.as_of, asked.known_at):
        canonical = {m.canonical.report_id for m in book.movements}
        for row in sorted(rows, key=lambda r: (str(r["occurred_at"]), r["report_id"])):
            happened = asked.as_of is None or row["occurred_at"] is None or row["occurred_at"] <= asked.as_of
            if happened and asked.within(row["occurred_at"]) and (not asked.place or row["place"] == asked.place):
                found = row["report_id"]
                yield _report(
                    {**row, "status": book.status[found], "movement_id": book.canonical.get(found, ""), "canonical": found in canonical}
                )


def _report(row: Row) -> Row:
    gross = row["gross_g"]
    return {
        **row,
        "occurred_precision": row["precision"],
        "gross_kg": _number(gross, 1000) if gross is not None else None,
        "teu": _number(row["teu"], 100),
    }


def movements(asked: Question) -> Iterator[Row]:
    """What happened, counted once."""
    if not asked.past:
        found: Iterable[Row] = asked.rows(t.movement, "occurred_at", "place", "occurred_at", "movement_id")
    else:
        found = (
            movement_row(m, book.belongs.get(m.movement_id, ""))
            for _, book, _ in books(asked.conn, asked.world, asked.place, asked.as_of, asked.known_at)
            for m in book.movements
            if (not asked.place or m.place == asked.place) and asked.within(m.occurred_at)
        )
    for row in found:
        told = row["disagreement"]
        yield {**row, "teu": _number(row["teu"], 100), "disagreement": json.dumps(told, sort_keys=True, ensure_ascii=False) if told else ""}


def customs(asked: Question) -> Iterator[Row]:
    """Every customs fact."""
    rows: Iterable[Row] = asked.rows(t.fact, "effective_at", "effective_at", "fact_id")
    if asked.known_at is not None:
        rows = as_counted(asked.conn, asked.world, list(rows), asked.known_at)
    for row in rows:
        if asked.as_of is None or (row["effective_at"] is not None and row["effective_at"] <= asked.as_of):
            yield {**row, "status": "superseded"} if as_known(row, asked.known_at)["outread"] else row


def signals(asked: Question) -> Iterator[Row]:
    """Every word of a device; degrees and degrees Celsius."""
    rows: Iterable[Row] = asked.rows(t.signal, "occurred_at", "occurred_at", "signal_id")
    if asked.known_at is not None:
        rows = as_counted(asked.conn, asked.world, list(rows), asked.known_at)
    for row in rows:
        if asked.as_of is None or (row["occurred_at"] is not None and row["occurred_at"] <= asked.as_of):
            figures = {name: _number(row[name], parts) for name, parts in FIGURES.items() if row[name] is not None}
            yield row | figures | ({"status": "superseded"} if as_known(row, asked.known_at)["outread"] else {})


def _stays(asked: Question) -> Iterator[Stay]:
    if asked.past:
        for _, book, _ in books(asked.conn, asked.world, asked.place, asked.as_of, asked.known_at):
            yield from (stay for stay in book.stays.values() if not asked.place or stay.place == asked.place)
        return
    question = sa.select(t.stay).order_by(t.stay.c.place, t.stay.c.opened_at, t.stay.c.stay_id)
    if asked.place:
        question = question.where(t.stay.c.place == asked.place)
    for row in asked.conn.execution_options(yield_per=2000).execute(question).mappings():
        yield stay_of(row)


def stays(asked: Question) -> Iterator[Row]:
    """Every visit that overlaps the period."""
    for stay in _stays(asked):
        if (asked.until is not None and stay.opened_at >= asked.until) or (
            asked.since is not None and stay.left_at is not None and stay.left_at < asked.since
        ):
            continue
        yield _stay(stay, asked.moment)


def _stay(stay: Stay, moment: datetime) -> Row:
    row = {name: getattr(stay, name, None) for name in STAYS}
    inside = stay.left_at is None and stay.entered_at is not None
    return row | {
        "entered_by": stay.opening.event,
        "held": ",".join(stay.held),
        "teu": _number(stay.teu, 100),
        "age_minutes": _minutes(moment - stay.entered_at) if inside and stay.entered_at else None,
    }


def inventory(asked: Question) -> Iterator[Row]:
    """What is inside at the moment, with the next limit and when it is reached."""
    for stay in _stays(asked):
        if stay.left_at is not None:
            continue
        law = asked.world.law(stay.place)
        name = WARN if stay.direction == "import" else ""
        governing = law.governing(name, stay.entered_at, asked.moment) if name and stay.entered_at else None
        at = governing.deadline(stay.entered_at, law.zone).at if governing and stay.entered_at else None
        status = governing.citation_status if governing else ""
        yield {**_stay(stay, asked.moment), "limit": name if at else "", "limit_at": at, "limit_status": status}


def throughput(asked: Question) -> Iterator[Row]:
    """Movements and TEU by hour."""
    for row in asked.rows(t.hourly, "hour", "place", "hour", "terminal", "event", "mode", "direction", "full_empty"):
        yield {**row, "teu": _number(row["teu"], 100)}


def dwell(asked: Question) -> Iterator[Row]:
    """Completed stays with both ends known, by local day of leaving and direction: exact, from the stays themselves."""
    told: dict[tuple[str, date, str], list[tuple[int, Stay]]] = defaultdict(list)
    for stay in _stays(asked):
        minutes = stay.dwell_minutes
        if minutes is not None and stay.left_at is not None and asked.within(stay.left_at):
            told[stay.place, asked.world.place(stay.place).day_of(stay.left_at), stay.direction].append((minutes, stay))
    for (place, day, direction), group in sorted(told.items(), key=lambda item: item[0]):
        law = asked.world.law(place)
        minutes_all = sorted(minutes for minutes, _ in group)
        over, limit = 0, None
        for _, stay in group:
            in_force = law.at(WARN, stay.left_at) if stay.left_at else None
            limit = in_force or limit
            over += bool(stay.entered_at and law.beyond(WARN, stay.entered_at, stay.left_at))
        yield {
            "place": place,
            "day": day,
            "direction": direction,
            "n": len(group),
            "median_minutes": percentile(minutes_all, 50),
            "p90_minutes": percentile(minutes_all, 90),
            "p95_minutes": percentile(minutes_all, 95),
            "over_limit": over if limit else None,
            "limit": str(limit.value) if limit else "",
            "limit_status": limit.citation_status if limit else "",
        }


def percentile(ordered: Sequence[int], share: int) -> float:
    """Linear between the two nearest ranks (as SQL percentile_cont); `ordered` ascending, not empty."""
    rank = (len(ordered) - 1) * share
    low, part = divmod(rank, 100)
    value = ordered[low] if not part else ordered[low] + (ordered[low + 1] - ordered[low]) * part / 100
    return int(value) if value == int(value) else round(value, 2)


def messages(asked: Question) -> Iterator[Row]:
    """One interchange, JSON page or CSV file a row."""
    yield from asked.rows(t.message, "received_at", "received_at", "message_id")


def receipts(asked: Question) -> Iterator[Row]:
    """Every delivery."""
    yield from asked.rows(t.receipt, "received_at", "received_at", "receipt_id")


def rejects(asked: Question) -> Iterator[Row]:
    """What could not be read, with the reason, the position and the bytes around."""
    feeds = {row["message_id"]: row["feed"] for row in asked.rows(t.message, "received_at", "message_id")}
    for row in asked.conn.execute(sa.select(t.reject).order_by(t.reject.c.message_id, t.reject.c.position)).mappings():
        if row["message_id"] in feeds:
            yield {**row, "feed": feeds[row["message_id"]]}


SOURCES: dict[str, Callable[[Question], Iterator[Row]]] = {
    "reports": reports,
    "movements": movements,
    "customs": customs,
    "signals": signals,
    "stays": stays,
    "inventory": inventory,
    "throughput": throughput,
    "dwell": dwell,
    "alerts": export_alerts.alerts,
    "messages": messages,
    "receipts": receipts,
    "rejects": rejects,
    "entries": export_goods.entries,
    "statement": export_goods.statement,
}


# ---------------------------------------------------------------- how


def _number(value: int, parts: int) -> int | float:
    return value // parts if value % parts == 0 else value / parts


def _minutes(span: timedelta) -> int:
    return max(int(span / timedelta(minutes=1)), 0)
