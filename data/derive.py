"""Touched boxes -> movements, stays, counts, in the transaction that keeps the reports.

A report in time order resumes the fold of its box at its place from the `tip`; nothing of the history is read. Anything else (late,
joining another's telling, correcting, cancelling, the first yard list) folds that box again from its reports. Both ways run the same
`zones.stay.step`, and both write the difference between what the tables held and what they should hold. A movement has no row of its own:
its canonical report keeps what was found of it (view `movement`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine import Connection

from data import areas, landings, ledger, versions
from data.again import acted_on, numbered, reopened, spoken_of
from data.books import (
    Facts,
    counted_as,
    found_row,
    links_of_boxes,
    load,
    own_holds,
    spoken,
    stay_changes,
    stay_of,
    stay_row,
)
from data.counts import Deltas
from data.followed import sharing, with_goods
from data.keep import News, Row, span
from data.lags import count
from data.neighbours import to_be_judged
from data.outlook import Outlook
from data.received import openings, telling
from data.signals import watched
from data.store import tables as t
from data.store.bulk import among, delete_rows, in_chunks, insert_new, insert_rows, update_columns, update_rows, upsert
from data.tips import by_place, follows, same_box, tip_row, tips_of
from data.told import report_of
from data.touched import touch
from data.words import announced
from zones.book import DOCUMENTS, is_kept
from zones.by_hand import BY_HAND
from zones.customs import holds
from zones.movement import Movement, merged
from zones.report import AHEAD, named_at
from zones.stay import Stay, Tip, advance, step, with_holds
from zones.world import World

SLOW_FUNCTIONS = ("copy", "cancel")
DAY = "day"
LATER = datetime.max.replace(tzinfo=UTC)


_ASKED = itemgetter(
    "given", "classifier", "function", "precision", "occurred_at", "received_at", "equipment", "place", "publisher"
)  # fmt: skip


class Stepped(Struct, frozen=True):
    """New reports of one box at one place, folded on from its tip."""

    before: Tip | None
    tip: Tip | None
    stays: Mapping[str, Stay]
    belongs: Sequence[tuple[Movement, str]]


class Derivation:
    """One transaction's worth: gathers what changes, writes it once."""

    def __init__(self, conn: Connection, world: World) -> None:
        self.conn, self.world = conn, world
        self.deltas = Deltas(world)
        self.outlook = Outlook(world)
        self.stays: dict[tuple[str, str], Stay] = {}  # new or changed, by (box, id)
        self.before: dict[tuple[str, str], Stay] = {}  # as the table has them
        self.gone: list[Stay] = []  # as they no longer are
        self.tips: list[Row] = []  # of boxes that had none at the place
        self.moved: list[Row] = []  # tips that went on
        self.links: dict[tuple[str, str, str], datetime] = {}
        self.touched: set[str] = set()  # boxes to be judged again
        self.alone: set[str] = set()  # boxes folded on in order, of the kind told before, that were never told of at another place
        self.retold: list[Row] = []  # reports that count otherwise than before
        self.heard_at: datetime | None = None  # the latest receipt among what is folded on

    # ------------------------------------------------------------ in order

    def resume(self, rows: list[Row], opened: Mapping[str, datetime]) -> set[str]:
        """Fold the new reports that come in order; gives the boxes that must be folded again."""
        again: set[str] = set()
        by_box: dict[str, list[Row]] = defaultdict(list)
        plans: list[Row] = []
        spans = {place: span(self.world.place(place)) for place in {row["place"] for row in rows}}
        for row in rows:
            given, classifier, function, precision, at, received, box, place, publisher = _ASKED(row)
            if given != "live" or classifier != "actual":
                if function in SLOW_FUNCTIONS:
                    again.add(box)
                else:
                    self._name(row)
                    if given == "live":
                        self.touched.add(box)
                        plans += [row] if at is not None else []
                continue
            if function in SLOW_FUNCTIONS or precision == DAY or publisher == BY_HAND:
                again.add(box)
            elif at is None or not -AHEAD <= received - at <= spans[place]:
                row["status"] = "unclassified" if at is None else "implausible"
            else:
                by_box[box].append(row)
        tips = tips_of(self.conn, {*by_box, *(row["equipment"] for row in plans)})
        for row in plans:  # what takes it back, or is a copy of it, may have come before
            tip = tips.get(row["equipment"], {}).get(row["place"])
            if tip is not None and row["occurred_at"] <= tip.last_at:
                again.add(row["equipment"])
        tell = telling(self.world, opened)
        for box, news in by_box.items():
            if box in again:
                continue
            known = tips.get(box, {})
            steps = []
            for place, told in by_place(news):
                stepped = self._step(place, told, known.get(place), tell(place))
                if stepped is None:
                    again.add(box)
                    break
                steps.append((place, told, stepped))
            else:
                for place, told, stepped in steps:
                    self._record(box, place, stepped, told)
                if len(steps) == 1 and not known.keys() - {steps[0][0]} and same_box(steps[0][2].before, steps[0][2].stays.values()):
                    self.alone.add(box)
        self.heard_at = max((row["received_at"] for row in rows), default=None)
        return again

    def _name(self, row: Row) -> None:
        """The documents that a plan or a status names go with the box, though nothing moved."""
        documents = [kind for kind in DOCUMENTS if row[kind]]
        at = named_at(row["given"], row["classifier"], row["occurred_at"], row["updated_at"], row["received_at"]) if documents else None
        for kind in documents:
            if at:
                self.link(row["equipment"], kind, row[kind], at)

    def _step(self, place: str, told: list[Row], before: Tip | None, tell: Any) -> Stepped | None:
        """The fold of these reports on from the tip; None where they do not follow it."""
        tip = before
        stays: dict[str, Stay] = {}
        belongs: list[tuple[Movement, str]] = []
        current = tip.stay if tip else None
        kind = self.world.place(place).kind
        for movement in merged([report_of(row, None) for row in told], tell):
            if tip is not None and not follows(movement, tip, tell):
                return None
            current, changed = step(current, movement, kind)
            for stay in changed:
                stays[stay.stay_id] = stay
            tip = advance(tip, movement, current)
            belongs.append((movement, current.stay_id if current and changed else ""))
        return Stepped(before, tip, stays, belongs)

    def _record(self, box: str, place: str, stepped: Stepped, told: list[Row]) -> None:
        by_id = {row["report_id"]: row for row in told}
        for movement, stay_id in stepped.belongs:
            if not is_kept(movement):
                continue
            for report in movement.reports:
                by_id[report.report_id]["movement_id"] = movement.movement_id
            row = by_id[movement.canonical.report_id]
            row.update(found_row(movement, stay_id))
            self.deltas.movement(row, 1)
        latest = stepped.before.stay if stepped.before else None
        if latest is not None and latest.stay_id in stepped.stays:
            self.before[box, latest.stay_id] = latest
        for stay in stepped.stays.values():
            self.stays[box, stay.stay_id] = stay
        if stepped.tip is not None:
            (self.tips if stepped.before is None else self.moved).append(tip_row(box, place, stepped.tip))
        for row in told:
            for kind in DOCUMENTS:
                if row[kind] and getattr(latest, kind, None) != row[kind]:  # what the open stay goes with is linked already
                    self.link(box, kind, row[kind], row["occurred_at"])

    def link(self, box: str, kind: str, reference: str, at: datetime) -> None:
        """The box goes with the document from `at` at the latest."""
        key = (box, kind, reference)
        self.links[key] = min(self.links.get(key, at), at)

    # ------------------------------------------------------------ again

    def refold(self, boxes: Iterable[str], opened: Mapping[str, datetime]) -> None:
        """Fold these boxes from all that was received about them, and write what differs."""
        for chunk in in_chunks(sorted(boxes), 400):
            books, rows = load(self.conn, self.world, chunk, opened=opened)
            old_stays = self._old(chunk)
            changed_reports: list[Row] = []
            gone: list[Row] = []
            for box in chunk:
                found = books[box]
                counted = counted_as(found)
                for row in rows[box]:
                    should = counted[row["report_id"]]
                    if any(row[name] != value for name, value in should.items()):
                        changed_reports.append({"equipment": box, "report_id": row["report_id"], **should})
                        self.retold.append(row)
                        self.deltas.movement(row, -int(row["canonical"]))  # who tells of it may be others than before
                        self.deltas.movement({**row, **should}, int(should["canonical"]))
                        self.retold.append(row)
                self._replace_stays(box, found.stays, old_stays[box], gone)
                self.tips.extend(tip_row(box, place, tip) for place, tip in found.tips.items())
            update_rows(self.conn, t.report, changed_reports, ("equipment", "report_id"))
            delete_rows(self.conn, t.stay, gone, ("equipment", "stay_id"))
            self.conn.execute(t.tip.delete().where(t.tip.c.equipment.in_(chunk)))
            self.conn.execute(t.box_link.delete().where(t.box_link.c.equipment.in_(chunk)))
            heard_of = spoken(self.conn, {(link.kind, link.reference) for box in chunk for link in books[box].links})
            links = [
                {"equipment": box, "kind": k, "reference": r, "at": link.at, "spoken": (k, r) in heard_of}
                for box in chunk
                for link in books[box].links
                for k, r in ((link.kind, link.reference),)
            ]
            insert_rows(self.conn, t.box_link, links)

    def _old(self, boxes: list[str]) -> dict[str, dict[str, Row]]:
        found: dict[str, dict[str, Row]] = {box: {} for box in boxes}
        for row in self.conn.execute(sa.select(t.stay).where(t.stay.c.equipment.in_(boxes))).mappings():
            found[row["equipment"]][row["stay_id"]] = dict(row)
        return found

    def _replace_stays(self, box: str, new: Mapping[str, Stay], old: dict[str, Row], gone: list[Row]) -> None:
        for stay_id, row in old.items():
            before = stay_of(row)
            if stay_id not in new:
                gone.append(row)
                self.gone.append(before)
                self.deltas.stay(before, -1)
                self.touched.add(box)
            elif new[stay_id] != before:
                self.before[box, stay_id] = before
        for stay_id, stay in new.items():
            if stay_id not in old or (box, stay_id) in self.before:
                self.stays[box, stay_id] = stay
                self.touched.add(box)

    # ------------------------------------------------------------ holds

    def write_links(self, again: set[str], facts: Sequence[Row]) -> set[str]:
        """Keep the new links, and of all which customs has spoken of; gives the boxes that go with another document than before.
        Boxes folded again have their links already.
        """
        link = t.box_link.c
        for kind in DOCUMENTS:
            told = {row["reference"] for row in facts if row["about"] == kind and row["status"] == "live"}
            if told:
                about = sa.and_(link.kind == kind, among(self.conn, link.reference, told))
                self.conn.execute(t.box_link.update().where(about, sa.not_(link.spoken)).values(spoken=True))
        new = {key: at for key, at in self.links.items() if key[0] not in again}
        if not new:
            return set()
        heard_of = spoken(self.conn, {(kind, reference) for _, kind, reference in new})
        rows = [{"equipment": b, "kind": k, "reference": r, "at": at, "spoken": (k, r) in heard_of} for (b, k, r), at in new.items()]
        upsert(self.conn, t.box_link, rows, ("equipment", "kind", "reference"), least=("at",), set=("spoken",))
        return {key[0] for key in new}

    def hold(self, resumed: set[str], named: set[str], told_of: set[str]) -> set[str]:
        """Who holds what: for the stays that changed in order; and for all stays of boxes that customs facts speak of now, or that go with
        another document than before (`named`) where customs has spoken of one of theirs. Gives the boxes of which all stays were looked at.
        """
        told_of = told_of | sharing(self.conn, told_of)[1]
        fact, link = t.fact.c, t.box_link.c
        about = sa.select(fact.equipment).where(among(self.conn, fact.equipment, resumed))
        through = sa.select(link.equipment).where(link.spoken, among(self.conn, link.equipment, resumed | named))
        linked = set(self.conn.execute(through).scalars())
        told_of = told_of | (named & linked)
        for chunk in in_chunks(sorted(told_of), 400):
            for box, old in self._old(chunk).items():
                for stay_id, row in old.items():
                    self.before.setdefault((box, stay_id), stay_of(row))
                    self.stays.setdefault((box, stay_id), self.before[box, stay_id])
        concerned = told_of | set(self.conn.execute(about).scalars()) | (linked & resumed)
        self.alone -= concerned | watched(self.conn, self.alone)
        facts = Facts(self.conn, sorted(concerned))
        links = links_of_boxes(self.conn, concerned)
        facts.about({(link.kind, link.reference) for each in links.values() for link in each})
        held = {box: holds(own, links[box]) if (own := facts.of(box, links[box])) else () for box in concerned}
        held |= with_goods(self.conn, self.world, resumed | told_of, partial(own_holds, self.conn))
        for key, stay in self.stays.items():
            if key[0] in held:
                self.stays[key] = with_holds(stay, held[key[0]])
        return told_of

    # ------------------------------------------------------------ write

    def write(self, causes: Mapping[str, str], reports: Sequence[Row]) -> None:
        """Everything gathered, once. A box is judged again on account of its latest report, else of the fact in `causes`."""
        fresh: list[Row] = []
        changed: list[Row] = []
        for key, stay in self.stays.items():
            before = self.before.get(key)
            if before is None:
                fresh.append(stay_row(stay))
                self.deltas.stay(stay, 1)
            elif before != stay:
                changed.append(stay_changes(before, stay))
                self.gone.append(before)
                self.deltas.changed(before, stay)
        insert_rows(self.conn, t.stay, fresh)
        update_columns(self.conn, t.stay, changed, ("equipment", "stay_id"))
        insert_rows(self.conn, t.tip, self.tips)
        update_rows(self.conn, t.tip, self.moved, ("equipment", "place"))
        self.deltas.write(self.conn)
        self._look()
        self.touched |= to_be_judged(self.conn, (*self.gone, *self.stays.values()))
        told = {row["equipment"]: row["report_id"] for row in reports if row["equipment"] in self.touched}
        units = landings.concerned(self.conn, self.world, (*reports, *self.retold))
        units |= areas.touched(self.conn, self.world, self.deltas, self.retold, reports)
        touch(self.conn, {f"box:{box}": told.get(box) or causes.get(box, "") for box in self.touched} | units)

    def _look(self) -> None:
        """Boxes to be judged: all whose stays changed, but for those that simply went on and of which no rule has anything to say by now,
        nor was anything announced. Before the first judging all are judged: nobody yet knows by which declarations.
        """
        judged = self.conn.execute(sa.select(t.judged.c.up_to)).scalar() if self.alone else None
        if judged is None or self.heard_at is None or not self.outlook.across:
            self.alone.clear()
        now = max((at for at in (judged, self.heard_at) if at is not None), default=LATER)
        loud = {box for (box, _), stay in self.stays.items() if box not in self.alone or not self.outlook.silent(stay, now)}
        self.touched |= loud | announced(self.conn, {box for box, _ in self.stays} - loud)


def derive(conn: Connection, world: World, news: News) -> None:
    """Keep the news and bring everything derived up to date, in the caller's transaction."""
    retold = versions.retold(conn, news)
    told_again = versions.boxes(conn, news, retold)
    insert_new(conn, t.document_act, news.acts)
    insert_new(conn, t.reject, news.rejects)
    insert_new(conn, t.leftover, news.leftovers)
    insert_new(conn, t.heading, news.headings)
    insert_new(conn, t.fact, news.facts)
    insert_new(conn, t.signal, news.signals)
    otherwise, spoke = versions.settle_told(conn, world, retold, news)
    before: dict[str, datetime | None] = {}
    if news.lists:
        known = openings(conn)
        before.update((row["feed"], known.get(row["feed"])) for row in news.lists)
    before.update(news.opened)
    insert_new(conn, t.yard_list, news.lists)
    opened = openings(conn)
    again = news.refold | reopened(conn, before, opened) | acted_on(conn, news) | numbered(conn, news.reports)
    again |= told_again | spoken_of(conn, otherwise)
    work = Derivation(conn, world)
    for row in news.gone:
        work.deltas.movement(row, -1)
    work.retold += news.gone
    again |= work.resume([row for row in news.reports if row["equipment"] not in again], opened)
    insert_rows(conn, t.report, news.reports)
    count(conn, work.deltas, news)
    work.refold(again, opened)
    for row in news.facts:
        if row["equipment"] and row["status"] == "live":
            for kind in DOCUMENTS:
                if row[kind]:
                    work.link(row["equipment"], kind, row[kind], row["effective_at"])
    told_of = spoken_of(conn, news.facts)
    named = work.write_links(again, news.facts)
    told_of |= work.hold({box for box, _ in work.stays} - again, named, told_of - again)
    work.touched |= told_of | again | {row["equipment"] for row in (*news.signals, *spoke)}
    causes = {row["equipment"]: row["signal_id"] for row in news.signals}
    causes |= {box: row["fact_id"] for row in news.facts for box in ((row["equipment"],) if row["equipment"] else told_of)}
    work.write(causes, news.reports)
    boxes = ledger.post(conn, world, news, {box for box, _ in work.stays} | {stay.equipment for stay in work.gone})
    if boxes and any(sharing(conn, boxes)):
        follow(conn, world, boxes)


def follow(conn: Connection, world: World, boxes: set[str]) -> None:
    """Say anew who holds these boxes and those that share goods with them: other goods came into them than before, or out of them."""
    work = Derivation(conn, world)
    work.touched |= work.hold(set(), set(), boxes)
    work.write({}, ())


def refold(conn: Connection, world: World, boxes: Iterable[str]) -> None:
    """Fold these boxes again and write what differs."""
    work = Derivation(conn, world)
    work.refold(boxes, openings(conn))
    work.write({}, ())
