"""What passes a limit within 30 days if nothing moves: the steps that lie ahead in what the rules say today.

No rule is asked about everything. A box of which a rule has something to say is due at its next step (table due); one of which none has yet
passes its quiet time (data.outlook). Both are found by index, and the rules are asked about these boxes alone, with the code that judges.
Of lots and operators of ledgers a rule has something to say as soon as goods come in: all of them whose time ends have a step to be due at.
It takes a moment for ten thousand boxes, and tomorrow changes slowly: what was reckoned stands for KEPT_S seconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data import clock, goods
from data.judge import Bench
from data.outlook import NEVER, Outlook
from data.people import Actor
from data.queries._scope import allowed
from data.store import tables as t
from data.store.bulk import in_chunks
from data.store.engine import Store
from zones.asking import Judged, asked, asked_of_goods, visits
from zones.customs import ORDER
from zones.episode import Episode, Step
from zones.lot import LotFacts, OperatorFacts
from zones.subject import StayFacts
from zones.world import World

DAYS = (1, 7, 30)
AHEAD = timedelta(days=max(DAYS))
MOST = 20_000  # boxes, and as many lots, a reckoning asks the rules about, the next due first; what lies beyond is said
KEPT_S = 120.0


@dataclass(frozen=True, slots=True)
class Worth:
    """What the goods in a box, those of a whole document it goes with (`paper`: kind and number), or what is left of what one line of a
    ledger let in (`paper`: "line" and its id), are declared to be worth."""

    paper: tuple[str, str]
    hundredths: int
    currency: str


def sums(worth: Iterable[Worth | None]) -> dict[str, int]:
    """Currency -> hundredths of it; a document that several boxes go with counts once."""
    found: dict[str, int] = {}
    for one in {one.paper: one for one in worth if one}.values():
        found[one.currency] = found.get(one.currency, 0) + one.hundredths
    return dict(sorted(found.items()))


@dataclass(frozen=True, slots=True)
class Pass:
    """One box, lot or operator that passes one limit at a moment ahead. `line` is the carrier; `teu` in hundredths; `worth`: what its goods
    are declared to be worth, where customs or the ledger tells it. `unit`: of what is no box, lot:<place>/<operator>/<lot> or
    operator:<place>/<operator>; `equipment` is "" then, and `owner` whose goods they are."""

    at: datetime
    place: str
    rule: str
    equipment: str
    limit: str
    value: str
    severity: str
    line: str
    teu: int
    entered_at: datetime | None
    exact: bool
    worth: Worth | None = None
    unit: str = ""
    owner: str = ""

    @property
    def subject(self) -> str:
        """What passes, as one name."""
        return self.unit or self.equipment


@dataclass(frozen=True, slots=True)
class Forecast:
    """`passes` in time order; `at`: when it was reckoned; `left_out`: boxes and lots not asked about, at least; `judged_at`: up to when
    alerts were judged."""

    passes: tuple[Pass, ...]
    at: datetime
    left_out: int
    judged_at: datetime | None

    def within(self, days: int) -> list[Pass]:
        """Those of the next so many times 24 hours."""
        return [one for one in self.passes if one.at <= self.at + timedelta(days=days)]


_kept: list[tuple[Store, str, float, Forecast]] = []  # the last one: store, version of the world, when (monotonic), what was found
_lock = Lock()


def forecast(store: Store, actor: Actor, world: World, now: datetime, *, place: str = "", rule: str = "") -> Forecast:
    """What passes a limit at the places within reach (or the one), of all rules (or the one)."""
    own = set(allowed(actor, world, (place,) if place else ()))
    whole = _reckoned(store, world, now)
    passes = tuple(one for one in whole.passes if one.place in own and rule in ("", one.rule))
    return Forecast(passes, whole.at, whole.left_out, whole.judged_at)


def _reckoned(store: Store, world: World, now: datetime) -> Forecast:
    with _lock:  # one reckons, the others wait for it
        for own, version, at, known in _kept:
            fresh = clock.monotonic() - at < KEPT_S and timedelta() <= now - known.at < timedelta(hours=1)
            if own is store and version == world.version and fresh:
                return known
        found = _reckon(store, world, now)
        _kept[:] = [(store, world.version, clock.monotonic(), found)]
        return found


def _reckon(store: Store, world: World, now: datetime) -> Forecast:
    bench = Bench(world, now)
    passes: list[Pass] = []
    with store.read(patient=True) as conn:
        judged = conn.execute(sa.select(t.judged.c.up_to)).scalar()
        boxes, more = _candidates(conn, world, now)
        for chunk in in_chunks(boxes, 500):
            passes += _ahead(conn, bench, list(chunk), now)
        units, more_units = _of_ledgers(conn, now)
        passes += _goods_ahead(conn, bench, units, now)
    passes.sort(key=lambda one: (one.at, one.subject, one.rule, one.limit))
    return Forecast(tuple(passes), now, more + more_units, judged)


def _candidates(conn: Connection, world: World, now: datetime) -> tuple[list[str], int]:
    """Boxes that are due, wait to be judged, or pass a quiet time within the days ahead; and how many were left out, at least."""
    d, s, u = t.due.c, t.stay.c, t.touched.c.unit
    asked = sa.select(d.unit).where(d.unit >= "box:", d.unit < "box;", d.look_at <= now + AHEAD).order_by(d.look_at).limit(MOST + 1)
    boxes = dict.fromkeys(unit[4:] for unit in conn.execute(asked).scalars())
    waiting = sa.select(u).where(u >= "box:", u < "box;").order_by(u).limit(MOST + 1)  # something happened to them since they were judged
    boxes.update(dict.fromkeys(unit[4:] for unit in conn.execute(waiting).scalars()))
    for place, quiet in Outlook(world).quiet.items():
        if timedelta() < quiet < NEVER:
            opened = sa.and_(s.opened_at > now - quiet, s.opened_at <= now + AHEAD - quiet)
            inside = sa.select(s.equipment).where(s.place == place, s.left_at.is_(None), opened).order_by(s.opened_at).limit(MOST + 1)
            boxes.update(dict.fromkeys(conn.execute(inside).scalars()))
    return list(boxes)[:MOST], max(len(boxes) - MOST, 0)


def _of_ledgers(conn: Connection, now: datetime) -> tuple[list[str], int]:
    """Lots and operators that are due within the days ahead or wait to be judged; and how many were left out, at least."""
    d, u = t.due.c, t.touched.c.unit
    found: dict[str, None] = {}
    for kind in (goods.WHOLE, goods.LOT):
        own = (d.unit >= kind, d.unit < f"{kind[:-1]};")  # ";" comes after ":"
        due = sa.select(d.unit).where(*own, d.look_at <= now + AHEAD).order_by(d.look_at).limit(MOST + 1)
        waiting = sa.select(u).where(u >= kind, u < f"{kind[:-1]};").order_by(u).limit(MOST + 1)
        for question in (due, waiting):
            found.update(dict.fromkeys(conn.execute(question).scalars()))
    return list(found)[:MOST], max(len(found) - MOST, 0)


def _ahead(conn: Connection, bench: Bench, boxes: Sequence[str], now: datetime) -> Iterator[Pass]:
    for box in bench.boxes(conn, list(boxes)):
        inside = {facts.place: facts for facts in visits(box) if facts.stay.left_at is None}
        for rule_id, episode, step in _steps(asked(box, bench.world.law, bench.travel), now):
            facts = inside.get(episode.place)
            visit = facts.stay if facts else None
            yield Pass(
                **_said(rule_id, episode, step),
                equipment=box.equipment,
                line=visit.line if visit else "",
                teu=visit.teu if visit else 0,
                entered_at=visit.entered_at if visit else None,
                worth=_worth(facts) if facts else None,
            )


def _goods_ahead(conn: Connection, bench: Bench, units: Sequence[str], now: datetime) -> Iterator[Pass]:
    for of, read in ((goods.LOT, goods.lots), (goods.WHOLE, goods.whole_books)):
        for chunk in in_chunks([unit for unit in units if unit.startswith(of)], 500):
            for unit, facts in read(conn, bench.world, chunk):
                for rule_id, episode, step in _steps(asked_of_goods(facts, bench.world.law), now):
                    yield _of_goods(unit, facts, rule_id, episode, step)


def _of_goods(unit: str, facts: LotFacts | OperatorFacts, rule_id: str, episode: Episode, step: Step) -> Pass:
    own = facts.line.get(episode.anchor[0]) if isinstance(facts, LotFacts) and episode.anchor else None
    return Pass(
        **_said(rule_id, episode, step),
        equipment="",
        line="",
        teu=0,
        entered_at=own.at if own else None,
        worth=_left(facts, own.entry_id) if isinstance(facts, LotFacts) and own else None,
        unit=unit,
        owner=own.owner if own else "",
    )


def _steps(judged: Iterable[Judged], now: datetime) -> Iterator[tuple[str, Episode, Step]]:
    """The steps of the days ahead in what rules found, each limit once."""
    for rule_id, _, _, episodes in judged:
        for episode in episodes:
            told: set[str] = set()  # of a day-precise time there may be two steps of one limit: the first counts
            for step in episode.steps:
                gone = episode.ended_at is not None and episode.ended_at <= step.at
                if gone or step.name in told or not now < step.at <= now + AHEAD:
                    continue
                told.add(step.name)
                yield rule_id, episode, step


def _said(rule_id: str, episode: Episode, step: Step) -> dict[str, Any]:
    return {
        "at": step.at,
        "place": episode.place,
        "rule": rule_id,
        "limit": step.name if step.limit else "",
        "value": str(step.limit.value) if step.limit else "",
        "severity": step.severity,
        "exact": step.certain,
    }


def _left(facts: LotFacts, source: str) -> Worth | None:
    """What is left of what a line let in; where the fold keeps several currencies of it, that of the first. Layers hold ten-thousandths."""
    own = [layer for layer in facts.account.layers if layer.source == source and layer.quantity > 0 and layer.kind.currency]
    currency = own[0].kind.currency if own else ""
    value = sum(layer.value for layer in own if layer.kind.currency == currency)
    return Worth(("line", source), value // 100, currency) if value > 0 else None


def _worth(facts: StayFacts) -> Worth | None:
    """As customs told it last in this visit, of the box itself rather than of a document."""
    told = [fact for fact in facts.spoken(*ORDER) if fact.goods_value is not None]
    last = next((fact for fact in reversed(told) if fact.about == "equipment"), told[-1] if told else None)
    return Worth((last.about, last.reference), last.goods_value or 0, last.currency) if last else None
