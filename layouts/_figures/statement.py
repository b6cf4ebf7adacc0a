"""The tables of a statement, from its rows: by owner and status with subtotals, and what moved kind by kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from layouts._paper.statement import PLACES, Teller
from layouts._parts.here import t
from layouts._parts.table import Column
from layouts._text.forms import MISSING
from zones.statement import ADJUSTMENTS, RECEIPTS, REMOVALS, TOTALS, Line, Row, sections, totals

Cells = dict[str, Any]


def columns() -> list[Column]:
    """Of the main table."""
    whose = f"{t('statement.owner')} · {t('statement.status')}"
    texts = [Column("whose", whose, wide=True), Column("operator", t("statement.operator"), wide=True)]
    texts += [Column(name, t(f"statement.{name}")) for name in ("hs", "measure")]
    return [*texts, *(Column(name, t(f"statement.{name}"), "figure") for name in TOTALS)]


def rows(told: Iterable[Row], teller: Teller) -> Iterator[Cells]:
    """Every line of every owner and status, then what they come to together; at the end all of them."""
    of = list(told)
    found = sections(of)
    for section in found:
        whose = f"{teller.owner(section.owner)} · {teller.status(section.status)}"
        for line in section.lines:
            yield {"whose": whose, "operator": teller.operator(line.operator), "hs": teller.hs(line.hs)} | _line(teller, line)
        for line in section.totals:
            yield {"whose": whose, "operator": t("statement.subtotal"), "hs": "", "class": "sum"} | _line(teller, line)
    if len(found) > 1:
        for line in totals(of):
            yield {"whose": t("statement.total"), "operator": "", "hs": "", "class": "sum"} | _line(teller, line)


def _line(teller: Teller, line: Line, names: Sequence[str] = TOTALS) -> Cells:
    said: Cells = {"measure": f"{t(f'statement.{line.measure}')} ({teller.unit(line)})"}
    return said | {name: figure(teller, line, name) for name in names}


def figure(teller: Teller, line: Line, name: str) -> tuple[str, str]:
    """(as it is read, for other programs): exact both ways."""
    places, n = PLACES[line.measure], line.figures[name]
    whole, rest = divmod(abs(n), 10**places)
    digits = f"{rest:0{places}}".rstrip("0")
    return teller.figure(line, name), f"{'-' if n < 0 else ''}{whole}{'.' + digits if digits else ''}"


def kind_columns() -> list[Column]:
    """Of the table of what moved, kind by kind."""
    said = (("total", "figure"), ("kind", "kind"), ("measure", "measure"))
    return [*(Column(name, t(f"statement.{key}")) for name, key in said), Column("figure", t("statement.total"), "figure")]


def kinds(told: Iterable[Row], teller: Teller) -> Iterator[Cells]:
    """What moved over all rows: a line a kind and unit; of a kind of which nothing did, one with a dash."""
    whole = totals(told)
    for total, parts in (("receipts", RECEIPTS), ("removals", REMOVALS), ("adjustments", ADJUSTMENTS)):
        for part in parts:
            said = {"total": t(f"statement.{total}"), "kind": t(f"statement.{part}")}
            moved = [line for line in whole if line.figures[part]]
            for line in moved:
                yield said | _line(teller, line, ()) | {"figure": figure(teller, line, part)}
            if not moved:
                yield said | {"measure": "", "figure": (MISSING, "")}
