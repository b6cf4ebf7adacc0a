"""The texts in which the demo's sources speak: UN/EDIFACT CODECO and COARRI, and CSV of several makes.

Each terminal has its own dialect, as real ones do: another directory, other message codes, another segment order.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zlib import crc32

from data.demo.box import Fact, Life, Move, Signal, sealed_by
from data.demo.calls import ZONE

LOCODE = {"demo-port": "XXDMO", "second-port": "XXSEC", "demo-zone": "XXDMZ", "demo-warehouse": "XXBWH"}
CODECO_CODES = {"gate_in": "34", "gate_out": "36", "yard_move": "117", "strip": "113", "status": "266"}
COARRI_CODES = {
    "DT1": {"discharge": "44", "load": "46"},
    "DT2": {"discharge": "119", "load": "122"},
    "ST1": {"discharge": "98", "load": "270"},
}
SEALED = {("carrier", "mechanical"): "CA", ("customs", "mechanical"): "CU", ("customs", "electronic"): "CU+++2"}  # 9303, 4525
WORDS = {"position": "FIX", "opened": "OPEN", "closed": "LOCKED", "tamper": "TAMPER", "alive": "PING"}  # of the platform of the devices
DIRECTION = {"export": "2", "import": "3", "transshipment": "6"}


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one source writes EDIFACT: its name, message type, directory, UNA and whether lines are broken."""

    sender: str
    kind: str
    version: str
    una: str
    end: str
    place: str
    terminal: str


DIALECTS = {
    "dt1-gate": Dialect("DT1", "CODECO", "D:95B:UN:ITG14", "UNA:+.? '", "'\n", "demo-port", "DT1"),
    "zone-gate": Dialect("DZO", "CODECO", "D:00B:UN", "", "'", "demo-zone", ""),
    "dt1-quay": Dialect("DT1", "COARRI", "D:95B:UN:ITG12", "UNA:+.? '", "'\n", "demo-port", "DT1"),
    "dt2-quay": Dialect("DT2", "COARRI", "D:00B:UN:SMDG20", "", "'\r\n", "demo-port", "DT2"),
    "second-quay": Dialect("ST1", "COARRI", "D:95B:UN", "UNA:+.? '", "'", "second-port", "ST1"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """One EDIFACT message: BGM code, number and function, and its boxes. `count`: what UNT says beyond the truth. `note`: free text."""

    code: str
    number: str
    moves: tuple[Move, ...]
    function: str = "9"
    made_at: datetime | None = None
    count: int = 0
    note: str = ""


def edifact(feed: str, reference: str, made_at: datetime, documents: Sequence[Document], test: bool = False) -> str:
    """One interchange. Times in it are local times of the place, without zone, as usual."""
    dialect = DIALECTS[feed]
    zone = ZONE[dialect.place]
    made = made_at.astimezone(zone)
    out = [f"UNB+UNOA:2+{dialect.sender}+ZONEWATCH+{made:%y%m%d:%H%M}+{reference}{'++++++1' if test else ''}"]
    for n, document in enumerate(documents, 1):
        told = _segments(dialect, document, made_at)
        body = [f"UNH+{n}+{dialect.kind}:{dialect.version}", *told]
        out += [*body, f"UNT+{len(body) + 1 + document.count}+{n}"]
    out.append(f"UNZ+{len(documents)}+{reference}")
    return dialect.una + ("\n" if dialect.una and dialect.end.endswith("\n") else "") + "".join(segment + dialect.end for segment in out)


def _segments(dialect: Dialect, document: Document, made_at: datetime) -> list[str]:
    zone = ZONE[dialect.place]
    made = (document.made_at or made_at).astimezone(zone)
    own = f"{LOCODE[dialect.place]}:139:6"
    out = [f"BGM+{document.code}+{document.number}+{document.function}", f"DTM+137:{made:%Y%m%d%H%M}:203"]
    ship = document.moves[0].vessel if document.moves else ("", "", "")
    if ship[0]:
        name, sign, voyage = ship
        out.append(f"TDT+20+{voyage}+1++DML:172:20+++{sign}:103::{name}")
        load = document.moves[0].event == "load"
        out.append(f"LOC+{'9' if load else '11'}+{own}" + (f"+{dialect.terminal}:TER:ZZZ" if dialect.terminal else ""))
    out.append(f"NAD+MS+{dialect.sender}:160:ZZZ")
    if document.note:
        out.append(f"FTX+AAI+++{document.note}")
    for move in document.moves:
        out += _box(dialect, move, own)
    out.append(f"CNT+16:{len(document.moves)}")
    return out


def _box(dialect: Dialect, move: Move, own: str) -> list[str]:
    at = move.at.astimezone(ZONE[dialect.place])
    ship = dialect.kind == "COARRI"
    out = [
        f"EQD+CN+{move.box.number}+{move.box.size}:102:5++{DIRECTION.get(move.direction, '')}+{'5' if move.full else '4'}",
        *([f"RFF+BM:{move.bill}"] if move.bill else []),
        f"DTM+{'203' if ship else '7'}:{at:%Y%m%d%H%M}:203",
        f"LOC+165+{own}" + (f"+{dialect.terminal}:TER:ZZZ" if dialect.terminal else ""),
    ]
    if move.gross_kg is not None:
        out.append(f"MEA+AAE+{'VGM' if ship else 'AET'}+KGM:{move.gross_kg}")
    out += [f"DGS+IMD+{danger.replace('/', '+')}" for danger in (move.box.dangerous if move.full and move.event != "status" else ())]
    out += [f"SEL+{seal}+{SEALED[sealed_by(seal)]}" for seal in move.seals]
    if move.vehicle:
        out.append(f"TDT+1++3+31++++{move.vehicle}:146")
    out.append(f"NAD+CF+{move.box.line}:172:20")
    return out


def table(header: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str = ",") -> str:
    """CSV with CR LF."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def local(at: datetime | None, place: str, form: str) -> str:
    """A local time as text; "" for none."""
    return at.astimezone(ZONE[place]).strftime(form) if at else ""


def _dt2(moves: Sequence[Move]) -> str:
    """One row a visit: the time in or out is filled, the other is not (exports leave by ship, imports came by ship)."""
    form = "%d.%m.%Y %H:%M"
    header = (
        *("Container No", "ISO", "F/E", "In", "Out", "Dir", "Truck", "Gate", "Lane", "Seals", "Sealed by", "Seal kind", "Gross kg", "B/L"),
        *("Line", "Block", "IMO", "Clerk"),
    )
    return table(
        header,
        (
            (
                m.box.number,
                m.box.size,
                "F" if m.full else "E",
                local(_in(m), m.place, form),
                local(_out(m), m.place, form),
                {"import": "I", "export": "E", "transshipment": "T"}.get(m.direction, ""),
                m.vehicle,
                m.gate,
                m.lane,
                " ".join(m.seals),
                " ".join({"customs": "CUS", "carrier": "LINE"}[sealed_by(seal)[0]] for seal in m.seals),
                " ".join({"electronic": "E", "mechanical": "M"}[sealed_by(seal)[1]] for seal in m.seals),
                f"{m.gross_kg or 0},0",
                m.bill,
                m.box.line,
                m.area if m.event == "gate_in" else "",
                " ".join(m.box.dangerous) if m.full else "",
                f"clerk {int(m.lane or 0) + 3}",
            )
            for m in moves
        ),
        ";",
    )


def _in(move: Move) -> datetime | None:
    return move.at if move.event == "gate_in" else move.entered_at


def _out(move: Move) -> datetime | None:
    return move.at if move.event == "gate_out" else None


def _carrier(moves: Sequence[Move]) -> str:
    header = ("Unit", "Move", "At", "Terminal", "Plate", "Seal", "Weight", "Driver rating")
    return table(
        header,
        (
            (
                f"{m.box.number[:4]} {m.box.number[4:10]}-{m.box.number[10]}",
                "IN" if m.event == "gate_in" else "OUT",
                local(m.at, m.place, "%Y-%m-%d %H:%M"),
                m.terminal,
                m.vehicle,
                " ".join(m.seals),
                m.gross_kg or "",
                5,
            )
            for m in moves
        ),
    )


def _second(moves: Sequence[Move]) -> str:
    header = ("CONTAINER", "SZTP", "MOVE", "TIME", "CATEGORY", "LOAD", "TRUCK", "GATE", "LANE", "SEAL", "GROSS", "BL", "LINE")
    words = {"import": "IMPRT", "export": "EXPRT", "transshipment": "TRSHP"}
    return table(
        header,
        (
            (
                m.box.number,
                m.box.size,
                "I" if m.event == "gate_in" else "O",
                local(m.at, m.place, "%m/%d/%Y %H:%M"),
                words.get(m.direction, ""),
                "F" if m.full else "E",
                m.vehicle,
                m.gate,
                m.lane,
                " ".join(m.seals),
                m.gross_kg or "",
                m.bill,
                m.box.line,
            )
            for m in moves
        ),
    )


def _warehouse(moves: Sequence[Move]) -> str:
    """One row a visit, sent again with the time out when the box has left."""
    form = "%d/%m/%Y %H:%M"
    return table(
        ("Cont", "Loai", "Hang", "Vao", "Ra", "Xe", "Cong", "Chi", "Kg"),
        (
            (
                m.box.number,
                m.box.size,
                "co" if m.full else "khong",
                local(_in(m), m.place, form),
                local(_out(m), m.place, form),
                m.vehicle,
                m.gate,
                " ".join(m.seals),
                m.gross_kg or "",
            )
            for m in moves
        ),
        ";",
    )


ROWS: dict[str, Callable[[Sequence[Move]], str]] = {
    "dt2-gate": _dt2,
    "carrier": _carrier,
    "second-gate": _second,
    "warehouse-gate": _warehouse,
}


def facts(told: Sequence[Fact]) -> str:
    """customs.csv and quarantine.csv; local times of Demo Port. Quarantine leaves its own name out."""
    header = (
        *("Action", "Container", "Bill", "Declaration", "Agency", "Kind", "Reference", "Effective", "Issued", "Result", "Remark", "To"),
        *("Risk", "Value", "Currency"),
    )
    form = "%Y-%m-%d %H:%M"
    return table(
        header,
        (
            (
                f.kind,
                f.box,
                f.bill,
                _declaration(f),
                "" if f.agency == "QUA" else f.agency,
                f.reason,
                f.hold_ref,
                local(f.at, "demo-port", form),
                local(f.at, "demo-port", form),
                f.result,
                "told late" if f.told_after else "",
                LOCODE.get(f.to, ""),
                f.risk,
                *_worth(f),
            )
            for f in told
        ),
        ";",
    )


def _worth(f: Fact) -> tuple[str, str]:
    """What the declaration says that the goods are worth: of what customs itself decides on one box, from its number."""
    if f.agency != "CUS" or not f.box:
        return "", ""
    return f"{2_000 + crc32(f.box.encode()) % 180_000}.{crc32(f.box.encode()) % 100:02}", "USD"


def signals(told: Sequence[Signal]) -> str:
    """What devices say; UTC, as their platform does."""
    header = ("Container", "Device", "Time", "Status", "Latitude", "Longitude")
    return table(header, ((s.box, s.device, f"{s.at:%Y-%m-%dT%H:%M:%SZ}", WORDS.get(s.kind, s.kind), *_degrees(s)) for s in told))


def _degrees(s: Signal) -> tuple[str, str]:
    return (f"{s.fix[0] / 10**6:.6f}", f"{s.fix[1] / 10**6:.6f}") if s.fix else ("", "")


def _declaration(f: Fact) -> str:
    """Of what customs says of one box of a bill: the number under which that bill is declared."""
    return f"10{int(f.bill.removeprefix('ZZBL')):010d}" if f.agency == "CUS" and f.box and f.bill else ""


def yard(place: str, as_of: datetime, lines: Sequence[tuple[Life, Move]]) -> str:
    """A yard list: every box inside, its terminal and block."""
    at = local(as_of, place, "%Y-%m-%d %H:%M")
    rows = []
    for life, came in lines:
        latest = max((m for m in life.moves if came.at <= m.at <= as_of and m.area and m.place == place), key=lambda m: m.at, default=came)
        rows.append((at, life.box.number, life.box.size, "full" if latest.full else "empty", came.terminal, latest.area, life.box.line))
    return table(("As of", "Container", "Type", "Status", "Terminal", "Block", "Operator"), sorted(rows))


def shifted(move: Move, at: datetime) -> Move:
    """The move as somebody wrongly wrote it down: at another time."""
    return replace(move, at=at)
