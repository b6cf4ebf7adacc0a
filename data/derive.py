"""Touched boxes -> movements, stays, counts, in the transaction that keeps the reports.

A report in time order resumes the fold of its box at its place from the `tip`; nothing of the history is read. Anything else (late,
joining another's telling, correcting, cancelling, the first yard list) folds that box again from its reports. Both ways run the same
`zones.stay.step`, and both write the difference between what the tables held and what they should hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.again import acted_on, numbered, reopened, spoken_of
from data.books import STAY_COLUMNS, Facts, links_of_boxes, load, movement_row, openings, stay_from, stay_of, stay_row, telling
from data.counts import Deltas
from data.keep import News, Row, report_of, span
from data.store import tables as t
from data.store.bulk import delete_rows, in_chunks, insert_new, insert_rows, update_rows, upsert
from zones.book import DOCUMENTS, is_kept
from zones.customs import Link, holds
from zones.movement import Movement, merged
from zones.report import AHEAD
from zones.stay import Stay, Tip, advance, step, with_holds
from zones.world import World

SLOW_FUNCTIONS = ("copy", "cancel")
DAY = "day"
LATER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stepped:
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
        self.stays: dict[tuple[str, str], Stay] = {}  # new or changed, by (box, id)
        self.before: dict[tuple[str, str], Stay] = {}  # as the table has them
        self.movements: list[Row] = []
        self.tips: list[Row] = []
        self.links: dict[tuple[str, str, str], datetime] = {}
        self.touched: set[str] = set()  # boxes to be judged again
        self.boxes: set[str] = set()  # folded on in order
        self.known_links: dict[str, list[Link]] = {}

    # ------------------------------------------------------------ in order

    def resume(self, rows: list[Row], opened: Mapping[str, datetime]) -> set[str]:
        """Fold the new reports that come in order; gives the boxes that must be folded again."""
        again: set[str] = set()
        pairs: dict[tuple[str, str], list[Row]] = defaultdict(list)
        spans = {place: span(self.world.place(place)) for place in {row["place"] for row in rows}}
        for row in rows:
            if row["given"] != "live" or row["classifier"] != "actual":
                continue
            at, received = row["occurred_at"], row["received_at"]
            if row["function"] in SLOW_FUNCTIONS or row["source_id"] or row["precision"] == DAY:
                again.add(row["equipment"])
            elif at is None or at - received > AHEAD or at < received - spans[row["place"]]:
                row["status"] = "unclassified" if at is None else "implausible"
            else:
                pairs[row["equipment"], row["place"]].append(row)
        tips = self._tips({box for box, _ in pairs})
        tell = telling(self.world, opened)
        visits: dict[str, list[str]] = defaultdict(list)
        for box, place in pairs:
            visits[box].append(place)
        for box, places in visits.items():
            if box in again:
                continue
            steps = [self._step(place, pairs[box, place], tips.get((box, place)), tell(place)) for place in places]
            if any(each is None for each in steps):
                again.add(box)
                continue
            for place, each in zip(places, steps, strict=True):
                if each is not None:
                    self._record(box, place, each, pairs[box, place])
        return again

    def _tips(self, boxes: set[str]) -> dict[tuple[str, str], Tip]:
        """Where the fold of each box stands at each place. Only an open stay comes along: a closed one is never changed in order."""
        found: dict[tuple[str, str], Tip] = {}
        still_open = sa.and_(t.stay.c.equipment == t.tip.c.equipment, t.stay.c.stay_id == t.tip.c.stay_id)
        columns: list[Any] = [
            t.tip.c.equipment.label("box"),
            t.tip.c.place.label("at_place"),
            t.tip.c.last_at,
            t.tip.c.recent,
            *STAY_COLUMNS,
        ]
        question = sa.select(*columns).select_from(t.tip.outerjoin(t.stay, still_open))
        for chunk in in_chunks(sorted(boxes), 900):
            for box, place, last_at, told, *stay in self.conn.execute(question.where(t.tip.c.equipment.in_(chunk))):
                recent = {event: (datetime.fromisoformat(at), tuple(who)) for event, (at, who) in told.items()}
                found[box, place] = Tip(last_at, recent, stay_from(stay) if stay[0] else None)
        return found

    def _step(self, place: str, told: list[Row], before: Tip | None, tell: Any) -> Stepped | None:
        """The fold of these reports on from the tip; None where they do not follow it."""
        tip = before
        stays: dict[str, Stay] = {}
        belongs: list[tuple[Movement, str]] = []
        current = tip.stay if tip else None
        for movement in merged([report_of(row, None) for row in told], tell):
            if tip is not None and not _follows(movement, tip, tell):
                return None
            current, changed = step(current, movement, self.world.place(place).kind)
            stays.update((stay.stay_id, stay) for stay in changed)
            tip = advance(tip, movement, current)
            belongs.append((movement, current.stay_id if current and changed else ""))
        return Stepped(before, tip, stays, belongs)

    def _record(self, box: str, place: str, stepped: Stepped, told: list[Row]) -> None:
        by_id = {row["report_id"]: row for row in told}
        self.boxes.add(box)
        for movement, stay_id in stepped.belongs:
            if not is_kept(movement):
                continue
            row = movement_row(movement, stay_id)
            self.movements.append(row)
            self.deltas.movement(row, 1)
            for report in movement.reports:
                by_id[report.report_id].update(movement_id=movement.movement_id, canonical=report is movement.canonical)
        latest = stepped.before.stay if stepped.before else None
        if latest is not None and latest.stay_id in stepped.stays:
            self.before[box, latest.stay_id] = latest
        for stay in stepped.stays.values():
            self.stays[box, stay.stay_id] = stay
            self.touched.add(box)
        if stepped.tip is not None:
            self.tips.append(tip_row(box, place, stepped.tip))
        for row in told:
            for kind in DOCUMENTS:
                if row[kind]:
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
            old_stays = self._old(t.stay, chunk)
            old_movements = self._old(t.movement, chunk)
            changed_reports: list[Row] = []
            gone: dict[str, list[Row]] = {"stay": [], "movement": []}
            for box in chunk:
                found = books[box]
                canonical = {m.canonical.report_id for m in found.movements}
                for row in rows[box]:
                    status, movement_id = found.status[row["report_id"]], found.canonical.get(row["report_id"], "")
                    is_canonical = row["report_id"] in canonical
                    if (row["status"], row["movement_id"], bool(row["canonical"])) != (status, movement_id, is_canonical):
                        changed_reports.append(
                            {
                                "equipment": box,
                                "report_id": row["report_id"],
                                "status": status,
                                "movement_id": movement_id,
                                "canonical": is_canonical,
                            }
                        )
                self._replace_movements(found, old_movements[box], gone["movement"])
                self._replace_stays(box, found.stays, old_stays[box], gone["stay"])
                self.tips.extend(tip_row(box, place, tip) for place, tip in found.tips.items())
            update_rows(self.conn, t.report, changed_reports, ("equipment", "report_id"))
            delete_rows(self.conn, t.movement, gone["movement"], ("equipment", "movement_id"))
            delete_rows(self.conn, t.stay, gone["stay"], ("equipment", "stay_id"))
            self.conn.execute(t.tip.delete().where(t.tip.c.equipment.in_(chunk)))
            self.conn.execute(t.box_link.delete().where(t.box_link.c.equipment.in_(chunk)))
            links = [
                {"equipment": box, "kind": link.kind, "reference": link.reference, "at": link.at}
                for box in chunk
                for link in books[box].links
            ]
            insert_rows(self.conn, t.box_link, links)

    def _old(self, table: sa.Table, boxes: list[str]) -> dict[str, dict[str, Row]]:
        key = f"{table.name}_id"
        found: dict[str, dict[str, Row]] = {box: {} for box in boxes}
        for row in self.conn.execute(sa.select(table).where(table.c.equipment.in_(boxes))).mappings():
            found[row["equipment"]][row[key]] = dict(row)
        return found

    def _replace_movements(self, found: Any, old: dict[str, Row], gone: list[Row]) -> None:
        new = {m.movement_id: movement_row(m, found.belongs.get(m.movement_id, "")) for m in found.movements}
        for movement_id, row in old.items():
            if new.get(movement_id) != row:
                gone.append(row)
                self.deltas.movement(row, -1)
        for movement_id, row in new.items():
            if old.get(movement_id) != row:
                self.movements.append(row)
                self.deltas.movement(row, 1)

    def _replace_stays(self, box: str, new: Mapping[str, Stay], old: dict[str, Row], gone: list[Row]) -> None:
        for stay_id, row in old.items():
            before = stay_of(row)
            if stay_id not in new:
                gone.append(row)
                self.deltas.stay(before, -1)
                self.touched.add(box)
            elif new[stay_id] != before:
                self.before[box, stay_id] = before
        for stay_id, stay in new.items():
            if stay_id not in old or (box, stay_id) in self.before:
                self.stays[box, stay_id] = stay
                self.touched.add(box)

    # ------------------------------------------------------------ holds

    def hold(self, resumed: set[str], told_of: set[str]) -> None:
        """Who holds what: for the stays that changed in order, and for all stays of boxes that customs facts spoke of."""
        for chunk in in_chunks(sorted(told_of), 400):
            for box, old in self._old(t.stay, chunk).items():
                self.touched.add(box)
                for stay_id, row in old.items():
                    self.before.setdefault((box, stay_id), stay_of(row))
                    self.stays.setdefault((box, stay_id), self.before[box, stay_id])
        boxes = sorted(resumed | told_of)
        facts = Facts(self.conn, boxes)
        links = self.known_links
        links.update(links_of_boxes(self.conn, told_of - links.keys()))
        facts.about({(link.kind, link.reference) for box in boxes for link in links.get(box, ())})
        by_box: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for key in self.stays:
            by_box[key[0]].append(key)
        for box in boxes:
            own = facts.of(box, links.get(box, ()))
            held = holds(own, links.get(box, ())) if own else ()
            for key in by_box.get(box, ()):
                self.stays[key] = with_holds(self.stays[key], held)

    # ------------------------------------------------------------ write

    def write_links(self, again: set[str]) -> set[str]:
        """Keep the new links; gives the boxes on which customs facts now bear otherwise: those about the document newly named, and those
        about the one that the box went with before. Boxes folded again have theirs already.
        """
        new = {key: at for key, at in self.links.items() if key[0] not in again}
        self.known_links = links_of_boxes(self.conn, {key[0] for key in new} | self.boxes)
        known = {(box, link.kind, link.reference): link.at for box, links in self.known_links.items() for link in links}
        sooner = {key: at for key, at in new.items() if at < known.get(key, LATER)}
        rows = [{"equipment": b, "kind": k, "reference": r, "at": at} for (b, k, r), at in sooner.items()]
        upsert(self.conn, t.box_link, rows, ("equipment", "kind", "reference"), set=("at",))
        for (box, kind, reference), at in sooner.items():
            links = self.known_links[box]
            links[:] = [link for link in links if (link.kind, link.reference) != (kind, reference)]
            links.append(Link(kind=kind, reference=reference, at=at))
        spoken: set[str] = set()
        for kind in DOCUMENTS:
            boxes: dict[str, set[str]] = defaultdict(set)
            for box in {box for box, of_kind, _ in sooner if of_kind == kind}:
                for link in self.known_links[box]:
                    if link.kind == kind:
                        boxes[link.reference].add(box)
            for chunk in in_chunks(sorted(boxes), 400):
                about = sa.select(t.fact.c.reference).where(t.fact.c[kind].in_(chunk), t.fact.c.about == kind).distinct()
                for reference in self.conn.execute(about).scalars():
                    spoken |= boxes.get(reference, set())
        return spoken

    def write(self, causes: Mapping[str, str]) -> None:
        """Everything gathered, once. `causes`: the report or fact on whose account a box is to be judged again."""
        fresh: list[Row] = []
        changed: list[Row] = []
        for key, stay in self.stays.items():
            before = self.before.get(key)
            if before is not None:
                if before == stay:
                    continue
                self.deltas.stay(before, -1)
            self.deltas.stay(stay, 1)
            (fresh if before is None else changed).append(stay_row(stay))
        insert_rows(self.conn, t.stay, fresh)
        if changed:
            upsert(self.conn, t.stay, changed, ("equipment", "stay_id"), set=[c for c in changed[0] if c not in ("equipment", "stay_id")])
        insert_rows(self.conn, t.movement, self.movements)
        upsert(self.conn, t.tip, self.tips, ("equipment", "place"), set=("last_at", "recent", "stay_id"))
        self.deltas.write(self.conn)
        touch(self.conn, {f"box:{box}": causes.get(box, "") for box in self.touched})


def derive(conn: Connection, world: World, news: News) -> None:
    """Keep the news and bring everything derived up to date, in the caller's transaction."""
    insert_new(conn, t.document_act, news.acts)
    insert_new(conn, t.reject, news.rejects)
    insert_new(conn, t.leftover, news.leftovers)
    insert_new(conn, t.fact, news.facts)
    before: dict[str, datetime | None] = {}
    if news.lists:
        known = openings(conn)
        before.update((row["feed"], known.get(row["feed"])) for row in news.lists)
    before.update(news.opened)
    insert_new(conn, t.yard_list, news.lists)
    opened = openings(conn)
    again = news.refold | reopened(conn, before, opened) | acted_on(conn, news) | numbered(conn, news.reports)
    work = Derivation(conn, world)
    again |= work.resume([row for row in news.reports if row["equipment"] not in again], opened)
    insert_rows(conn, t.report, news.reports)
    work.refold(again, opened)
    for row in news.facts:
        if row["equipment"] and row["status"] == "live":
            for kind in DOCUMENTS:
                if row[kind]:
                    work.link(row["equipment"], kind, row[kind], row["effective_at"])
    told_of = spoken_of(conn, news.facts) | work.write_links(again)
    work.hold({row["equipment"] for row in news.reports} - again, told_of - again)
    work.touched |= told_of | again
    causes = {box: row["fact_id"] for row in news.facts for box in ((row["equipment"],) if row["equipment"] else told_of)}
    work.write(causes | {row["equipment"]: row["report_id"] for row in news.reports})


def refold(conn: Connection, world: World, boxes: Iterable[str]) -> None:
    """Fold these boxes again and write what differs."""
    work = Derivation(conn, world)
    work.refold(boxes, openings(conn))
    work.write({})


def touch(conn: Connection, units: Mapping[str, str]) -> None:
    """Mark what must be judged again, with the report that is the cause."""
    upsert(conn, t.touched, [{"unit": unit, "cause": cause} for unit, cause in sorted(units.items())], ("unit",), set=("cause",))


def _follows(movement: Movement, tip: Tip, tell: Any) -> bool:
    """Whether a movement lies wholly after the tip and no earlier telling could join it."""
    for report in movement.reports:
        if report.occurred_at is None or report.occurred_at <= tip.last_at:
            return False
        latest = tip.recent.get(movement.event)
        if (
            latest
            and report.publisher not in latest[1]
            and report.listed_at is None
            and report.occurred_at - latest[0] <= tell.tolerance(movement.event)
        ):
            return False
    return True


def standing_id(tip: Tip) -> str:
    """The stay that the tip stands in, while it is open."""
    return tip.stay.stay_id if tip.stay and tip.stay.left_at is None else ""


def tip_row(box: str, place: str, tip: Tip) -> Row:
    """The row of table `tip`."""
    recent = {event: [at.isoformat(), list(who)] for event, (at, who) in sorted(tip.recent.items())}
    return {"equipment": box, "place": place, "last_at": tip.last_at, "recent": recent, "stay_id": standing_id(tip)}
