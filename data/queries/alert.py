"""One alert with all that belongs to it: work and journal, the reports that prove it in their own words, what is near it, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from data.actions import people_for
from data.people import Actor
from data.queries import _excerpt, attachment, response
from data.queries._excerpt import Piece
from data.queries._heard import Heard, sight
from data.queries._scope import where_place
from data.queries.alert_near import Whereabouts, near, row_of, whereabouts
from data.queries.alert_road import Road, road
from data.queries.response import Board, Response
from data.settings import REPOSITORY, Settings
from data.store import tables as t
from data.store.engine import Store
from zones.limits import Limit
from zones.whatif import Otherwise
from zones.world import World

RELATED = 12
EDIFACT = ("baplie", "coarri", "codeco", "coparn", "coprar", "cuscar", "iftsta")
RUNBOOKS = REPOSITORY / "docs" / "runbooks"
Row = Mapping[str, Any]

_a, _w = t.alert.c, t.alert_work.c


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence: a report, a customs fact, a signal, a line of a ledger or a receipt, the message it stands in, and the words
    around it; or a message.

    `counts`: it is still what its source says (not superseded or retracted since).
    """

    kind: str
    row: Row
    message: Row | None
    words: tuple[Piece, ...] = ()

    @property
    def counts(self) -> bool:
        if self.kind in ("receipt", "message"):
            return True
        return self.row["standing" if self.kind == "entry" else "status"] == "live" and not self.row["outread"]


@dataclass(frozen=True, slots=True)
class Dossier:
    """One alert with all that belongs to it. `out_of_reach`: pieces of evidence told at places the reader may not look at.

    `sources`: the feeds whose silence it leans on. `people`: who may be given it. `response`: the clock that runs, if one does.
    `otherwise`: what would have made it no alert. `stood`: where the box was. `road`: of a box on its way, what its devices told of it.
    """

    alert: Row
    work: Row
    lines: tuple[Row, ...]
    proofs: tuple[Proof, ...]
    out_of_reach: int
    related: tuple[Row, ...]
    sources: tuple[Heard, ...]
    limit: Limit | None
    people: tuple[str, ...]
    judged_at: datetime | None
    response: Response | None
    board: Board
    attachments: tuple[Row, ...]
    otherwise: tuple[Otherwise, ...] = ()
    stood: Whereabouts | None = None
    road: Road | None = None


def one(
    store: Store, actor: Actor, world: World, settings: Settings, alert_id: str, now: datetime, *, glance: bool = False
) -> Dossier | None:
    """An alert with its work, journal, evidence and what is near it; None where there is none within reach.

    At a `glance` without the words of its evidence and what could have been otherwise: together more than half of what it costs.
    """
    with store.read() as conn:
        alert = row_of(conn, actor, alert_id)
        if alert is None:
            return None
        work = dict(conn.execute(sa.select(t.alert_work).where(_w.alert_id == alert_id)).mappings().one())
        lines = conn.execute(sa.select(t.alert_line).where(t.alert_line.c.alert_id == alert_id).order_by(t.alert_line.c.line)).mappings()
        proofs, beyond = _proofs(conn, actor, world, None if glance else settings, alert)
        judged_at = conn.execute(sa.select(t.judged.c.up_to)).scalar()
        return Dossier(
            alert=alert,
            work=work,
            lines=tuple(dict(line) for line in lines),
            proofs=proofs,
            out_of_reach=beyond,
            related=_related(conn, actor, alert),
            sources=_sources(conn, world, alert, now),
            limit=_limit(world, alert),
            people=tuple(people_for(conn, alert["place"])),
            response=response.of(conn, world, [{**alert, **work}], now).get(alert_id),
            board=response.board(conn, actor, world, alert["place"], now),
            attachments=attachment.of(conn, alert_id),
            judged_at=judged_at,
            otherwise=() if glance else near(conn, actor, world, alert, judged_at),
            stood=whereabouts(conn, alert),
            road=road(conn, actor, world, alert),
        )


def row(store: Store, actor: Actor, alert_id: str) -> Row | None:
    """The alert alone; None where there is none within reach."""
    with store.read() as conn:
        return row_of(conn, actor, alert_id)


def _proofs(conn: Connection, actor: Actor, world: World, settings: Settings | None, alert: Row) -> tuple[tuple[Proof, ...], int]:
    wanted = [str(i) for i in alert["evidence"]]
    found: dict[str, Proof] = {}
    beyond = 0
    r, f, s, c, m = t.report, t.fact, t.signal, t.receipt, t.message
    asked: tuple[tuple[str, str, sa.Select[Any]], ...] = (
        ("report", "report_id", sa.select(r).where(r.c.equipment.in_(boxes_of(alert)), r.c.report_id.in_(wanted))),
        ("fact", "fact_id", sa.select(f).where(f.c.fact_id.in_(wanted))),
        ("signal", "signal_id", sa.select(s).where(s.c.equipment == alert["equipment"], s.c.signal_id.in_(wanted))),
        ("entry", "entry_id", sa.select(t.entry).where(t.entry.c.entry_id.in_(wanted))),
        ("receipt", "receipt_id", sa.select(c).where(c.c.receipt_id.in_(wanted))),
        ("message", "message_id", sa.select(m).where(m.c.message_id.in_(wanted))),
    )
    for kind, key, question in asked:
        for row in conn.execute(question).mappings():
            place = row["place"] if "place" in row else alert["place"]
            if not actor.sees(place):
                beyond += 1
                continue
            told = dict(row) if kind != "message" else {**row, "equipment": alert["equipment"], "position": ""}
            found[row[key]] = _proof(conn, actor, world, settings, kind, told)
    return tuple(found[i] for i in wanted if i in found), beyond


def boxes_of(alert: Row) -> tuple[str, ...]:
    """The boxes whose reports may prove an alert: its own, those that it names besides, and no box at all, of what is told of a ship."""
    others = (value["v"] for value in alert["because_values"].values() if value.get("t") == "box")
    return tuple(dict.fromkeys((alert["equipment"], *others, "")))


def _proof(conn: Connection, actor: Actor, world: World, settings: Settings | None, kind: str, row: Row) -> Proof:
    m = t.message
    file = row.get("file_sha256", "")
    if kind == "receipt":  # of an archive: its first member
        of = t.member.c
        first = sa.select(of.file_sha256).where(of.archive_sha256 == file).order_by(of.number).limit(1)
        file = conn.execute(first).scalar() or file
    same_file = sa.and_(m.c.feed == row["feed"], m.c.file_sha256 == file)
    own = same_file if kind == "receipt" else m.c.message_id == row["message_id"]
    found = conn.execute(sa.select(m).where(own).order_by(m.c.position).limit(1)).mappings().one_or_none()
    if found is None:
        return Proof(kind, row, None)
    message = dict(found)
    words: tuple[Piece, ...] = ()
    if settings is not None and actor.may("see_raw"):
        words = _excerpt.around(settings, message, is_edifact(world, message["feed"]), row.get("position", ""), row.get("equipment", ""))
    return Proof(kind, row, message, words)


def is_edifact(world: World, feed: str) -> bool:
    """Whether a feed's messages are made of segments, not of lines. A feed that is not declared any more is read as lines."""
    return any(known.id == feed and known.format in EDIFACT for known in world.feeds)


def _related(conn: Connection, actor: Actor, alert: Row) -> tuple[Row, ...]:
    """Other alerts of the same box or feed, and what was found of their closing; newest first."""
    own, closed = alert["unit"], alert["unit"].removeprefix("alert:")
    near = sa.or_(_a.unit.in_((own, f"alert:{alert['alert_id']}")), _a.alert_id == closed)
    question = sa.select(t.alert, _w.work, _w.shelved_until).join(t.alert_work, _w.alert_id == _a.alert_id)
    question = question.where(near, _a.alert_id != alert["alert_id"], where_place(actor, _a.place))
    return tuple(dict(row) for row in conn.execute(question.order_by(_a.began_at.desc()).limit(RELATED)).mappings())


def _sources(conn: Connection, world: World, alert: Row, now: datetime) -> tuple[Heard, ...]:
    """The feeds that speak for what the alert leans on, as they are heard now."""
    found: dict[str, Heard] = {}
    for place, kind in alert["leans"]:
        if place in world.places:
            for heard in sight(conn, world, [place], now, [kind]).feeds:
                found[heard.feed] = heard
    return tuple(found.values())


def _limit(world: World, alert: Row) -> Limit | None:
    """The version of the limit that it was judged by, if it is still among the declared ones."""
    if not alert["limit"] or alert["place"] not in world.places:
        return None
    limits = world.law(alert["place"]).limits
    return next((limit for limit in limits if limit.limit == alert["limit"] and limit.version == alert["limit_version"]), None)


# ---------------------------------------------------------------- runbooks


@dataclass(frozen=True, slots=True)
class Runbook:
    """What to do about the alerts of a rule: (heading, paragraphs) in order. `language`: the one it is written in."""

    language: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]


def runbook(rule: str, language: str, folder: Path = RUNBOOKS) -> Runbook | None:
    """docs/runbooks/<rule>.md, in the reader's language where it was translated (docs/runbooks/<language>/<rule>.md)."""
    if not rule.isidentifier():
        return None
    for tongue, file in ((language, folder / language / f"{rule}.md"), ("en", folder / f"{rule}.md")):
        if file.is_file():
            return Runbook(tongue, _sections(file.read_text(encoding="utf-8")))
    return None


def _sections(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Headings of the second order, each with its paragraphs or list items."""
    found: list[tuple[str, list[str]]] = []
    for block in text.split("\n\n"):
        lines = [line.strip() for line in block.strip().splitlines() if line.strip()]
        if lines and lines[0].startswith("## "):
            found.append((lines.pop(0)[3:], []))
        if not found or not lines:
            continue
        item: list[str] = []
        for line in lines:
            if line.startswith(("- ", "1. ", "2. ", "3. ", "4. ", "5. ", "6. ", "7. ")) and item:
                found[-1][1].append(" ".join(item))
                item = []
            item.append(line)
        found[-1][1].append(" ".join(item))
    return tuple((heading, tuple(said)) for heading, said in found)
