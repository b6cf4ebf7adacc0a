"""Where the two books of a lot part: the first line of the operator's book, or of the supervisor's own, that the other does not have so.

Customs authorises what comes in and goes out: admissions, withdrawals, destructions, returns, transfers from and to others. What an
operator makes of goods, and to whom they belong, is compared only where the supervisor's book speaks of such acts at all; counts are no
lines of a book. An adjustment is always compared: nothing else shows that the operator wrote goods off by himself. A place where nobody
keeps the supervisor's own book is not to be asked: every line would be without counterpart.

From the first line without a counterpart (zones/pairing.py), or with another quantity, the books are apart, until what differs is zero
again and no papers contradict each other: there they meet. What is paired and further apart in time than the books may lag has a kind of
parting of its own, which ends with the later line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from fractions import Fraction

from msgspec import Struct

from zones.entry import CUSTOMS, OPERATOR, Entry, in_turn
from zones.limits import Law
from zones.lot import LotFacts
from zones.pairing import Near, act, contradict, nearness, pairs, signed, way
from zones.uom import Quantity, alike, ratio

ONLY_DECLARED, ONLY_AUTHORISED = "only_declared", "only_authorised"
QUANTITY_DIFFERS, TIME_DIFFERS = "quantity_differs", "time_differs"
KINDS = (ONLY_DECLARED, ONLY_AUTHORISED, QUANTITY_DIFFERS, TIME_DIFFERS)
_ALWAYS = frozenset({"admission", "withdrawal", "destruction", "return", "transfer sent", "transfer received", "adjustment"})
_NEVER = frozenset({"count", "reconciliation", "stuff", "strip"})


class Parting(Struct, frozen=True, kw_only=True):
    """From `at` on the books say different things, until `met_at` (None: they still do).

    `first`: the line at which they part, of the book `of`; `other`: its counterpart, the first where it has several, None where it has
    none. `lines`: all lines up to `met_at` that the other book does not have so, in order. `difference`: what the operator's book has more
    (below zero: less), by unit, now; nothing once they met, or where they differ in something else than quantity.
    """

    at: datetime
    first: Entry
    of: str  # operator | customs
    kind: str  # KINDS
    other: Entry | None = None
    lines: tuple[Entry, ...] = ()
    difference: tuple[Quantity, ...] = ()
    met_at: datetime | None = None


def partings(facts: LotFacts, law: Law | None = None) -> tuple[Parting, ...]:
    """Every time that the books of the lot parted, in order; of the last they may be apart still. `law`: of the place, for `books_lag`."""
    found: list[Parting] = []
    spell: list[_Turn] = []
    for turn in sorted(_turns(facts, nearness(facts.zone, law)), key=lambda one: _order(one.line)):
        spell.append(turn)
        if not _difference(spell) and _answered(spell):
            found.append(_parting(spell, turn.line.at))
            spell = []
    if spell:
        found.append(_parting(spell, None))
    return tuple(found)


def apart(facts: LotFacts, law: Law | None = None) -> Parting | None:
    """Where the books parted that are apart still; None where they agree."""
    return next((one for one in partings(facts, law) if one.met_at is None), None)


def spoken_of(facts: LotFacts) -> Callable[[Entry], bool]:
    """Whether a line is of an act that the supervisor's own book would tell of as well."""
    own = {act(line) for line in facts.authorised}
    return lambda line: (done := act(line)) not in _NEVER and (done in _ALWAYS or done in own)


class _Turn(Struct, frozen=True):
    """At this line the books go apart, or nearer, by so much. `more`: None where it is no quantity by which they differ; `until`: the lines
    that have to come besides until they say the same."""

    line: Entry
    kind: str
    more: Quantity | None
    other: Entry | None = None
    until: frozenset[str] = frozenset()


def _order(line: Entry) -> tuple[object, ...]:
    """At one time the operator's line goes before the supervisor's."""
    return *in_turn(line)[:3], line.book == CUSTOMS, line.entry_id


def _turns(facts: LotFacts, near: Near) -> Iterator[_Turn]:
    speaks = spoken_of(facts)
    found, declared, authorised = pairs(
        [line for line in facts.entries if speaks(line)], [line for line in facts.authorised if act(line) not in _NEVER], near
    )
    for one, other in found:
        yield from _paired(one, other, near)
    yield from (_Turn(line, ONLY_DECLARED, _more(line)) for line in declared)
    yield from (_Turn(line, ONLY_AUTHORISED, _more(line, -1)) for line in authorised)


def _paired(one: Sequence[Entry], other: Sequence[Entry], near: Near) -> Iterator[_Turn]:
    """What differs between lines that are each other's; `one` in order, as `other`."""
    declared, authorised = _sum(one), _sum(other)
    back = authorised.to(declared.uom) if declared and authorised else None
    if declared is None or authorised is None or back is None:
        yield _counterpart(min(*one, *other, key=_order), one, other, None)
    elif not alike(declared, authorised):
        more = Quantity(declared.n - back.n, declared.uom)
        first = _where(one, abs(back.n), declared.uom) if abs(declared.n) > abs(back.n) else min(*one, *other, key=_order)
        yield _counterpart(first, one, other, more)
    elif signed(one[0]) and not all(near(a, b) for a, b in ((one[0], other[0]), (one[-1], other[-1]))):
        yield from _late(one, other, declared)


def _counterpart(first: Entry, one: Sequence[Entry], other: Sequence[Entry], more: Quantity | None) -> _Turn:
    return _Turn(first, QUANTITY_DIFFERS, more, (one if first.book == CUSTOMS else other)[0])


def _late(one: Sequence[Entry], other: Sequence[Entry], whole: Quantity) -> Iterator[_Turn]:
    """Lines that say the same, too far apart in time: each does what it does when it does it, and the last of each book the rest."""
    every = frozenset(line.entry_id for line in (*one, *other))
    for lines, others, sign in ((one, other, 1), (other, one, -1)):
        left = whole.n
        for line in lines:
            rate = ratio(line.uom, whole.uom) or 0
            n = left if line is lines[-1] else round(signed(line) * rate)
            left -= n
            yield _Turn(line, TIME_DIFFERS, Quantity(sign * n, whole.uom), others[0], every)


def _where(lines: Sequence[Entry], allowed: int, uom: str) -> Entry:
    """The line at which a paper is used up: with it more is declared than was authorised."""
    done = Fraction(0)
    for line in lines:
        done += abs(signed(line)) * (ratio(line.uom, uom) or 0)
        if done > allowed:
            return line
    return lines[-1]


def _more(line: Entry, sign: int = 1) -> Quantity | None:
    """What the line adds to what the operator's book has more; None where it moves nothing: whose goods are, what status they have."""
    return Quantity(sign * signed(line), line.uom) if signed(line) else None


def _sum(lines: Sequence[Entry]) -> Quantity | None:
    """What lines do together, in the unit of the first; None where units do not convert."""
    total = Fraction(0)
    for line in lines:
        rate = ratio(line.uom, lines[0].uom)
        if rate is None:
            return None
        total += signed(line) * rate
    return Quantity(round(total), lines[0].uom)


def _difference(spell: Iterable[_Turn]) -> tuple[Quantity, ...]:
    """By how much the operator's book is ahead after these, by unit; what converts is told in the unit that came first."""
    sums: dict[str, Fraction] = {}
    for more in (turn.more for turn in spell if turn.more):
        uom = next((known for known in sums if ratio(more.uom, known) is not None), more.uom)
        sums[uom] = sums.get(uom, Fraction(0)) + more.n * (ratio(more.uom, uom) or 1)
    return tuple(Quantity(n, uom) for uom, total in sums.items() if (n := round(total)))


def _answered(spell: Sequence[_Turn]) -> bool:
    """Whether quantity was all that was apart: every change of owner has its counterpart, what comes late has come, and no papers of lines
    without counterpart contradict each other."""
    here = {turn.line.entry_id for turn in spell}
    if any(turn.more is None or not turn.until <= here for turn in spell):
        return False
    declared = [turn.line for turn in spell if turn.kind == ONLY_DECLARED]
    authorised = [turn.line for turn in spell if turn.kind == ONLY_AUTHORISED]
    return not any(way(a) == way(b) and contradict(a, b) for a in declared for b in authorised)


def _parting(spell: Sequence[_Turn], met_at: datetime | None) -> Parting:
    first = spell[0]
    return Parting(
        at=first.line.at,
        first=first.line,
        of=CUSTOMS if first.line.book == CUSTOMS else OPERATOR,
        kind=first.kind,
        other=first.other,
        lines=tuple(turn.line for turn in spell),
        difference=_difference(spell),
        met_at=met_at,
    )
