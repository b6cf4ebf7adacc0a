"""The planted offences of goods, as truth.json tells them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from data.demo.faults import File
from data.demo.goods import told
from data.demo.goods.ledger import LONGEST, Ledger
from data.demo.goods.lot import Line, Offence

Files = Mapping[tuple[str, tuple[object, ...]], File]


def offences(ledger: Ledger, files: Files) -> Iterator[tuple[Offence, datetime, datetime | None, datetime, list[tuple[File, Line]]]]:
    """(what, when it began, ended, could be known, which file told what) of all that is known by the plan's ending."""
    for day in range(-LONGEST, ledger.plan.index(ledger.plan.ending) + 1):
        for offence in (one for lot in ledger.lots(day) for one in lot.offences):
            if found := _known(ledger, offence, files):
                yield found


def _known(
    ledger: Ledger, offence: Offence, files: Files
) -> tuple[Offence, datetime, datetime | None, datetime, list[tuple[File, Line]]] | None:
    proof = [(files.get((told.feed_of(line), told.key(line))), line) for line in offence.lines]
    heard = [(file, line) for file, line in proof if file is not None]
    began = offence.begins or offence.lines[0].at
    if len(heard) < len(proof):
        return None
    known = max(began, *(file.at for file, _ in heard))
    over = [line.at for line in offence.until if (told.feed_of(line), told.key(line)) in files]
    ended = offence.ends if offence.ends and offence.ends <= ledger.plan.ending else min(over, default=None)
    return (offence, began, ended, known, heard) if known <= ledger.plan.ending else None


def words(line: Line) -> str:
    """What a line says, for whoever looks for it in its file."""
    at: Any = line.at.isoformat().replace("+00:00", "Z")
    return f"{line.act} {line.side} {line.lot or (line.article.item if line.article else '')} {at} ({line.number})".replace("  ", " ")
