"""Weight mismatch: two weights told of the load of one visit differ by more than the place allows.

Compared is what was declared (manifest, loading list, announcement), what was verified for the ship (VGM) and what was weighed or told at
gate and quay. The limit `weight_tolerance` is a share of the weight told first. A national matter: a French order of 28 April 2016 allows
5%; the error of the scales is part of what a place declares, and without a limit the rule is off. Goods without their box are compared with
goods alone, since nobody tells the tare; empty boxes are not compared; what was weighed before a box was emptied or filled is not compared
with what was weighed after. A weight of which its source does not say what it is of is taken for box and goods. The first weight that
differs from an earlier one is told of, with the one it differs from most.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from zones.episode import Because, Episode, Step
from zones.limits import Law, Limit
from zones.stay import Stay
from zones.subject import STAY, StayFacts
from zones.word import COMES, GOES, Word

SUBJECT = STAY
STEPS = {"weight_tolerance": "today"}
MEASURES = {"weight_tolerance": "%"}
LATCHING = True  # what is in the box, only a person can say
NEEDS = frozenset[str]()  # two weights were told
VERSION = 1
OWNER = "officer"
OTHERWISE = ()
GOODS, OPENED = "goods", ("strip", "stuff")


def quiet(law: Law) -> timedelta | None:
    """Whose weights are the same is in order; whoever is declared or announced is judged anyway."""
    return None


def speaks_of(stay: Stay) -> bool:
    """Of a stay of which two weights were told."""
    return stay.lightest != stay.heaviest


def episodes(facts: StayFacts, law: Law) -> Iterator[Episode]:
    """One for each load of which two comparable weights differ, for ever."""
    for told in _loads(facts) if law.declares(STEPS) else ():
        if found := _apart(told, law):
            yield _episode(facts, told, *found)


def _loads(facts: StayFacts) -> list[list[Word]]:
    """The weights told of each load of the visit that may be compared, each in the order in which they were known."""
    opened = [move.at for move in facts.moves if move.event in OPENED]
    loads: dict[tuple[int, bool], list[Word]] = defaultdict(list)
    for word in facts.words:
        if word.gross_g and word.full_empty != "empty":
            turn = 0 if word.event in COMES else len(opened) if word.event in GOES else sum(at <= word.time for at in opened)
            loads[turn, word.weight == GOODS].append(word)
    return [sorted(told, key=lambda word: (_known(word), word.report_id)) for told in loads.values() if len(told) > 1]


def _known(word: Word) -> datetime:
    """From when the weight was told: what is of a movement from then on, what is declared or announced when it was first received."""
    return word.time if word.happened else word.since


def _apart(told: Sequence[Word], law: Law) -> tuple[Word, Word, datetime, Limit] | None:
    """The first weight that is over the limit against one told earlier, that one, from when, and the limit."""
    for n, word in enumerate(told):
        limit = law.at("weight_tolerance", _known(word))
        over = [one for one in told[:n] if limit and _gap(one, word) > limit.measure.of(one.gross_g or 0)]
        if limit and over:
            return word, max(over, key=lambda one: _gap(one, word)), _known(word), limit
    return None


def _episode(facts: StayFacts, told: Sequence[Word], word: Word, other: Word, began: datetime, limit: Limit) -> Episode:
    return Episode(
        anchor=(word.report_id,),
        anchor_reports=tuple(sorted(one.report_id for one in told)),
        place=facts.place,
        began_at=began,
        ended_at=None,
        steps=(Step("weight_tolerance", STEPS["weight_tolerance"], began, limit=limit, over=False),),
        evidence=(word, other),
        because=Because(
            "weight_mismatch",
            box=facts.equipment,
            place=facts.place,
            grams=word.gross_g,
            weight=_kind(word),
            by=word.event,
            told_by=word.publisher,
            other_grams=other.gross_g,
            other_weight=_kind(other),
            other_by=other.event,
            other_told_by=other.publisher,
        ),
    )


def _gap(one: Word, other: Word) -> int:
    return abs((one.gross_g or 0) - (other.gross_g or 0))


def _kind(word: Word) -> str:
    """What a weight is, as a word of the reader's: verified it is, whoever announces it."""
    return word.weight or "gross" if word.weight in ("vgm", GOODS) or word.happened else "declared"


EXAMPLES = """
the same       limit weight_tolerance 5%; d0 08:00 discharge gross_g=20000000; d3 09:00 gate_out gross_g=20000000  -> none
lighter        limit weight_tolerance 5%; d0 08:00 discharge gross_g=20000000; d3 09:00 gate_out gross_g=18000000  -> d3 09:00..
not declared   d0 08:00 discharge gross_g=20000000; d3 09:00 gate_out gross_g=18000000  -> none
just allowed   limit weight_tolerance 5%; d0 08:00 discharge gross_g=20000000; d3 09:00 gate_out gross_g=21000000  -> none
a gram over    limit weight_tolerance 5%; d0 08:00 discharge gross_g=20000000; d3 09:00 gate_out gross_g=21000001  -> d3 09:00..
declared       limit weight_tolerance 5%; d0 09:00 discharge classifier=planned gross_g=20000000 (received d0 01:00); d0 08:00 discharge gross_g=25000000  -> d0 08:00..
declared late  limit weight_tolerance 5%; d0 09:00 discharge classifier=planned gross_g=20000000 (received d1 01:00); d0 08:00 discharge gross_g=25000000  -> d1 01:00..
verified       limit weight_tolerance 5%; d0 08:00 gate_in gross_g=20000000; d2 09:00 load classifier=planned gross_g=26000000 weight=vgm (received d1 10:00)  -> d1 10:00..
of goods       limit weight_tolerance 5%; d0 09:00 discharge classifier=planned gross_g=20000000 weight=goods; d0 08:00 discharge gross_g=25000000  -> none
goods twice    limit weight_tolerance 5%; d0 09:00 discharge classifier=planned gross_g=20000000 weight=goods (received d0 01:00); d0 09:00 discharge classifier=estimated gross_g=9000000 weight=goods (received d0 02:00); d0 09:10 discharge  -> d0 02:00..
empty          limit weight_tolerance 5%; d0 08:00 discharge gross_g=20000000; d3 09:00 gate_out gross_g=2200000 full_empty=empty  -> none
emptied        limit weight_tolerance 5%; d0 08:00 discharge gross_g=20000000; d1 08:00 strip; d3 09:00 gate_out gross_g=9000000  -> none
as it came     limit weight_tolerance 5%; d0 09:00 discharge classifier=planned gross_g=20000000; d0 08:00 discharge gross_g=25000000; d0 08:30 strip  -> d0 09:00..
three          limit weight_tolerance 5%; d0 08:00 discharge gross_g=20000000; d1 08:00 yard_move gross_g=20500000; d3 09:00 gate_out gross_g=25000000  -> d3 09:00..
a later visit  limit weight_tolerance 5%; d0 08:00 gate_in gross_g=20000000; d1 09:00 gate_out; d2 08:00 gate_in gross_g=9000000  -> none
told late      limit weight_tolerance 5%; d0 08:00 discharge gross_g=20000000 (received d5 10:00); d3 09:00 gate_out gross_g=25000000  -> d3 09:00.. known d5 10:00
taken back     limit weight_tolerance 5%; d0 08:00 discharge gross_g=20000000; d3 09:00 gate_out gross_g=25000000; retract d3 09:00 gate_out  -> none
limit tighter  limit weight_tolerance 30%; limit weight_tolerance 5% from d4; d0 08:00 discharge gross_g=20000000; d3 09:00 gate_out gross_g=25000000  -> none
unconfirmed    limit weight_tolerance 5%; unconfirmed weight_tolerance; d0 08:00 discharge gross_g=20000000; d3 09:00 gate_out gross_g=25000000  -> d3 09:00..
"""
