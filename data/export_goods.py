"""The exports of goods: the lines of ledgers, what is inside by them, and the statement of a period. Quantities, weights and values are
decimals to the last place that is kept (never floats): millionths of a unit, milligrams as kilograms, ten-thousandths of a currency.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from data.goods import standing_lines
from data.inventory import Held, held, in_order
from data.keep import Pool, Row
from data.ledger import method_of, pool_key
from data.openings import month_of
from data.queries.limit_dates import BONDED, RE_EXPORT, came_to_it
from data.statement import statement as told
from data.store import tables as t
from data.store.bulk import in_chunks
from zones.entry import LIVE, MONEY, OPERATOR, QUANTITY, WEIGHT
from zones.goods import TEMPORARY
from zones.ledger import Posted, Trace, fold
from zones.limits import Law
from zones.line import faults
from zones.statement import FIGURES
from zones.statement import Row as Told

if TYPE_CHECKING:
    from data.export import Question

MEASURES = (("", QUANTITY, "quantity"), ("_net_kg", WEIGHT, "net_mg"), ("_value", MONEY, "value"))  # (ending of a column, places, field)
_e = t.entry.c


def exact(n: int | None, places: int) -> Decimal | None:
    """n parts of 10**places as a decimal without noughts at its end: 1204.5."""
    if n is None:
        return None
    whole, rest = divmod(abs(n), 10**places)
    digits = f"{rest:0{places}}".rstrip("0")
    return Decimal(f"{'-' if n < 0 else ''}{whole}{'.' + digits if digits else ''}")


# ---------------------------------------------------------------- the statement


def statement(asked: Question) -> Iterator[Row]:
    """The rows of a period; without one, of the last whole month of each place."""
    for place in _places(asked):
        zone = asked.world.place(place).zone
        since, until = asked.since, asked.until
        if since is None or until is None:
            until = month_of(asked.now, zone)
            since = month_of(until - timedelta(days=1), zone)
        for row in told(asked.conn, asked.world, place, since, until, asked.known_at):
            yield statement_row(place, since, until, asked.known_at, row)


def statement_row(place: str, since: datetime, until: datetime, known_at: datetime | None, row: Told) -> Row:
    """One row of a statement, with all its figures in all three measures."""
    found: Row = {"place": place, "since": since, "until": until, "known_at": known_at}
    found |= {name: getattr(row.key, name) for name in row.key.__struct_fields__}
    for name in FIGURES:
        figures = row.figures(name)
        found |= {f"{name}{ending}": exact(getattr(figures, field), places) for ending, places, field in MEASURES}
    return found


def _places(asked: Question) -> list[str]:
    """The one place, or all of which a line is kept."""
    if asked.place:
        return [asked.place]
    kept = set(asked.conn.execute(sa.select(_e.place).distinct()).scalars())
    return [place for place in asked.world.places if place in kept]


# ---------------------------------------------------------------- the lines


def entries(asked: Question) -> Iterator[Row]:
    """Every line of a ledger with what it counts as; of a past moment with what it counted as then."""
    found = asked.known_at
    for place in _places(asked):
        own = [_e.place == place]
        own += [_e.at >= asked.since] if asked.since is not None else []
        own += [_e.at < asked.until] if asked.until is not None else []
        own += [_e.at <= asked.as_of] if asked.as_of is not None else []
        lines = sa.select(t.entry).where(*own).order_by(_e.at, _e.entry_id)
        if found is None:
            rows = asked.conn.execution_options(yield_per=2000).execute(lines).mappings()
            yield from (_line(row, dict(row) | ({"standing": "superseded"} if row["outread"] else {})) for row in rows)
            continue
        kept = [dict(row) for row in asked.conn.execute(lines.where(_e.known_at <= found)).mappings()]
        counted = _counted(asked, kept, found)
        yield from (_line(row, counted.get(row["entry_id"], {"standing": "superseded"})) for row in kept)


def _counted(asked: Question, rows: Iterable[Row], known_at: datetime) -> dict[str, Row]:
    """entry id -> what the fold of the lines known then finds of it."""
    found: dict[str, Row] = {}
    pools: list[Pool] = sorted({pool_key(row) for row in rows})
    for chunk in in_chunks(pools, 400):
        for (place, _, operator, _), lines in standing_lines(asked.conn, asked.world, chunk, known_at).items():
            statuses = frozenset(status.id for status in asked.world.law(place).goods.statuses)
            listed = asked.world.hs_list(place)
            live = [entry for entry, counts in lines if counts == LIVE]
            _, done = fold(live, partial(method_of, asked.world, place, operator))
            for entry, counts in lines:
                posted = done.get(entry.entry_id, Posted())
                wrong = dict.fromkeys((*faults(entry, statuses, hs=listed), *posted.faults))
                said = {"effective_at": entry.at, "faults": " ".join(wrong), "traces": posted.traces, "expected": posted.expected}
                found[entry.entry_id] = {"standing": counts, **said}
    return found


def _line(row: Any, counted: Row) -> Row:
    traces: tuple[Trace, ...] = counted.get("traces") or ()
    uom = row["uom"]
    return {
        **row,
        "occurred_at": row["at"],
        "occurred_text": row["at_text"],
        "occurred_precision": row["precision"],
        "quantity": exact(row["quantity"], QUANTITY),
        "gross_kg": exact(row["gross_mg"], WEIGHT),
        "net_kg": exact(row["net_mg"], WEIGHT),
        "value": exact(row["value"], MONEY),
        "balance": exact(row["balance"], QUANTITY),
        "counts_as": counted["standing"],
        "effective_at": counted.get("effective_at"),
        "faults": counted.get("faults", ""),
        "expected": exact(counted.get("expected"), QUANTITY),
        "traces": json.dumps([_trace(one) for one in traces], ensure_ascii=False) if traces else "",
        "expected_uom": uom if counted.get("expected") is not None else "",
    }


def _trace(one: Trace) -> dict[str, str]:
    """`source`: the line that let it in, empty where none did."""
    return {"source": one.source, "quantity": str(exact(one.quantity, QUANTITY)), "uom": one.uom}


# ---------------------------------------------------------------- what is inside


def inventory(asked: Question) -> Iterator[Row]:
    """What is inside by the operators' ledgers, and what is below zero, with the next limit and when it is reached."""
    moment = asked.moment
    for place in _places(asked):
        law = asked.world.law(place)
        goods = in_order(held(asked.conn, asked.world, place, moment, asked.known_at))
        since = _temporary(asked, place, law, goods, moment)
        for one in goods:
            limit, at, status = _limit(law, one, since, moment)
            yield {
                **{name: getattr(one, name) for name in one.__struct_fields__},
                "place": place,
                "quantity": exact(one.quantity, QUANTITY),
                "gross_kg": exact(one.gross_mg, WEIGHT),
                "net_kg": exact(one.net_mg, WEIGHT),
                "value": exact(one.value, MONEY),
                "age_minutes": max(int((moment - one.admitted_at) / timedelta(minutes=1)), 0),
                "limit": limit,
                "limit_at": at,
                "limit_status": status,
                "as_of": moment,
                "known_at": asked.known_at,
            }


def _limit(law: Law, one: Held, temporary: dict[str, datetime], moment: datetime) -> tuple[str, datetime | None, str]:
    """(limit, when it is used up, whether it is confirmed) of goods that are there; what is below zero has none."""
    status = law.goods.status(one.status)
    kind = status.kind if status else ""
    name = RE_EXPORT if kind == TEMPORARY else "" if kind else BONDED
    start = temporary.get(one.source, one.admitted_at) if name == RE_EXPORT else one.admitted_at
    governing = law.governing(name, start, moment) if name and one.quantity > 0 else None
    if governing is None:
        return "", None, ""
    return name, governing.deadline(start, law.zone).at, governing.citation_status


def _temporary(asked: Question, place: str, law: Law, goods: Iterable[Held], moment: datetime) -> dict[str, datetime]:
    """Of what each line let in: since when some of it has been without a break under a temporary status."""
    brief = [one for one in goods if one.quantity > 0 and law.goods.temporary(one.status)] if law.declares((RE_EXPORT,)) else []
    return came_to_it(asked.conn, place, OPERATOR, moment, brief, law.goods.temporary)
