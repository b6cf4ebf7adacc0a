"""Three files of terminals that are no sources yet, for whoever tries a file (`check-feed`, the page Try a file). No feed reads them.

    1-vietnamese-terminal.csv   sound, but nobody could know how it is written: Windows-1258, its own names and words, decimal comma
    2-new-gate.edi              a CODECO with a code nobody knows and a number whose check digit is wrong
    3-broken.csv                what goes wrong in tables: a time that is none, a line cut short, a quotation mark that stays open

Read at Demo Port when the demo ends, the first would raise alerts: boxes leave in it that customs holds.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from itertools import islice
from random import Random

from data.demo import box as boxes
from data.demo.box import ENTRIES, Life, Move
from data.demo.plan import Plan
from data.demo.write import Document, edifact, local, table

FOLDER = "try"
PLACE = "demo-port"
_SERIAL = 1_700_000  # of boxes that the plan does not have
_HEADER = (
    "Số container", "Kích cỡ", "Tình trạng", "Giờ vào cổng", "Giờ ra cổng", "Biển số xe", "Số chì", "Trọng lượng (kg)",
    "Số vận đơn", "Nhân viên",
)  # fmt: skip
_FORM = "%d/%m/%Y %H:%M"


def files(plan: Plan) -> dict[str, bytes]:
    """Name -> content, as of the plan's ending."""
    rng = Random(f"{plan.seed}/try")
    inside = plan.inside(PLACE, plan.ending)
    held = [(life, came) for life, came in inside if _is_held(life, plan)]
    free = [(life, came) for life, came in inside if not _is_held(life, plan)]
    leaving = [*islice(held, 3), *islice(free, 9)]
    new = [boxes.new(rng, _SERIAL + n) for n in range(24)]
    at = [plan.ending - timedelta(minutes=3 + 7 * n) for n in range(len(leaving) + len(new))]
    out = [_visit(rng, life.box, came, at[n]) for n, (life, came) in enumerate(leaving)]
    into = [_visit(rng, box, None, at[len(leaving) + n]) for n, box in enumerate(new[:18])]
    rows = sorted([*out, *into], key=lambda row: row[0])
    rows[-1][2] = "Hàng lẻ"  # a word that no mapping of theirs ever had
    return {
        "1-vietnamese-terminal.csv": windows_1258(table(_HEADER, rows, ";")),
        "2-new-gate.edi": _codeco(plan, rng, new[18:]),
        "3-broken.csv": _broken(plan, ([life.box for life, _ in free[9:12]] + new[18:])[:6]),
    }


def _is_held(life: Life, plan: Plan) -> bool:
    told = sorted((fact for fact in life.facts if fact.at < plan.ending - timedelta(hours=8) and fact.box), key=lambda fact: fact.at)
    return bool(told) and told[-1].kind in ("hold", "selected")


def _visit(rng: Random, box: boxes.Box, came: Move | None, at: datetime) -> list[str]:
    """One row a visit: in by road, or out whoever brought it."""
    full = came.full if came else rng.random() < 0.7
    entered = came.at if came and came.event == "gate_in" and came.event in ENTRIES else None
    kilos = boxes.gross(rng, box, full)
    return [
        box.number, box.size, "Hàng" if full else "Rỗng",
        local(entered if came else at, PLACE, _FORM),
        local(at, PLACE, _FORM) if came else "",
        boxes.plate(rng), boxes.seal(rng), f"{kilos // 1000}.{kilos % 1000:03d},5", came.bill if came else "", f"NV{rng.randrange(10, 20)}",
    ]  # fmt: skip


def _codeco(plan: Plan, rng: Random, new: list[boxes.Box]) -> bytes:
    """Two messages: four boxes in, one of them with a wrong check digit; and one under a code that only this sender knows."""
    wrong = boxes.Box(boxes.number(_SERIAL + 50, wrong=True), "22G1", "DML")
    moves = [
        Move(at=plan.ending - timedelta(minutes=10 + 9 * n), place=PLACE, event="gate_in", box=box, terminal="DT1", direction="export",
             vehicle=boxes.plate(rng), seals=(boxes.seal(rng),), gross_kg=boxes.gross(rng, box, True))
        for n, box in enumerate([*new[:3], wrong, new[3]])
    ]  # fmt: skip
    told = [Document("34", "TRY1", tuple(moves[:4]), made_at=plan.ending), Document("37", "TRY2", (moves[4],), made_at=plan.ending)]
    return edifact("dt1-gate", "TRY0001", plan.ending, told).encode("ascii")


def _broken(plan: Plan, some: list[boxes.Box]) -> bytes:
    """A table in which nearly every line has something else wrong with it."""
    at = [local(plan.ending - timedelta(minutes=11 * n), PLACE, "%Y-%m-%d %H:%M") for n in range(8)]
    number = [box.number for box in some]
    lines = [
        "Container,Move,Time,Plate,Gross",
        f"{number[0]},OUT,{at[0]},00D-101.11,24300",
        f"{number[1]},OUT,31-02-2026 25:61,00D-101.12,18400",
        f"{number[2]},OUT,{at[2]}",
        f"SEE REMARK,OUT,{at[3]},00D-101.14,11200",
        f',IN,{at[4]},00D-101.15,""',
        f'{number[3]},IN,{at[5]},"00D-101.16,9100',
        f"{number[4]},TURNED AWAY,{at[6]},00D-101.17,heavy",
        f"{number[5][:-1]}{(int(number[5][-1]) + 1) % 10},IN,{at[7]},00D-101.18,22050",
    ]
    return ("\r\n".join(lines) + "\r\n").encode()


def windows_1258(text: str) -> bytes:
    """As Vietnamese Windows wrote it before Unicode: the letter, then its tone as a mark of its own."""
    out = bytearray()
    for letter in unicodedata.normalize("NFC", text):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            apart = unicodedata.normalize("NFD", letter)
            tones = "".join(mark for mark in apart[1:] if mark in "\u0300\u0301\u0303\u0309\u0323")
            bare = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones))
            out += (bare + tones).encode("cp1258")
    return bytes(out)
