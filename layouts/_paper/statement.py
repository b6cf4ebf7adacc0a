"""The statement of a period as a sheet: what is printed, and the words and figures that the page shows too (data.queries.statement)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from data.queries.statement import Told, days
from layouts._paper import Section, Sheet
from layouts._text import has, say
from layouts._text.forms import MISSING, full, number
from layouts._text.forms import date as written_date
from zones.entry import MONEY, QUANTITY, WEIGHT
from zones.statement import ADJUSTMENTS, MEASURES, PARTS, RECEIPTS, REMOVALS, TOTALS, Line, sections, totals
from zones.statement import Section as Owned
from zones.uom import known, symbol
from zones.world import World

PLACES = {"quantity": QUANTITY, "net_mg": WEIGHT, "value": MONEY}
LEAST = {"quantity": 0, "net_mg": 0, "value": 2}  # decimals that are always written
WIDTHS = (16, 10, 14, 9, 15, 15, 15, 14, 15)


class Teller:
    """One rendering: for a reader's language, of a place."""

    def __init__(self, found: Told, world: World, language: str) -> None:
        self.found, self.language = found, language
        self.place, self._law = world.place(found.place), world.law(found.place)

    def t(self, key: str, **values: object) -> str:
        return say(f"statement.{key}", self.language, **values)

    def operator(self, told: str) -> str:
        """His name; one who is not declared by what the ledger calls him."""
        declared = self.place.operator(told)
        return declared.title(self.language) if declared else told

    def status(self, told: str) -> str:
        """A status by its name, one that is not declared as it was told."""
        status = self._law.goods.status(told) if told else None
        return (status.name.get(self.language) or status.name.get("en") or status.id) if status else told or self.t("no_status")

    def owner(self, told: str) -> str:
        return told or self.t("no_owner")

    def heading(self, section: Owned) -> str:
        """Whose, under which status."""
        return self.t("section", owner=self.owner(section.owner), status=self.status(section.status))

    def unit(self, line: Line) -> str:
        """kg, cartons, USD."""
        if line.measure != "quantity":
            return "kg" if line.measure == "net_mg" else line.unit or MISSING
        named = next((code for code in (line.unit, f"X{line.unit}") if known(line.unit) and has(f"uom.{code}")), "")
        return say(f"uom.{named}", self.language, n=2) if named else symbol(line.unit) or MISSING

    def figure(self, line: Line, name: str) -> str:
        """To the last place that is kept: no figure is rounded."""
        places, n = PLACES[line.measure], line.figures[name]
        whole, rest = divmod(abs(n), 10**places)
        digits = f"{rest:0{places}}".rstrip("0").ljust(LEAST[line.measure], "0")
        comma = "," if self.language == "vi" else "."
        return f"{'-' if n < 0 else ''}{number(whole, self.language)}{comma + digits if digits else ''}"

    def hs(self, code: str) -> str:
        """8703.23."""
        return f"{code[:4]}.{code[4:6]}" + (f".{code[6:]}" if code[6:] else "") if code.isdecimal() and len(code) >= 6 else code or MISSING

    def standing(self, now: datetime) -> list[str]:
        """Of which period, as known when, of whom."""
        found, zone = self.found, self.place.timezone
        since, until = (full(at, zone, self.language) for at in (found.since, found.until))
        said = [self.t("of_period", since=since, until=until)]
        key = "known_then" if found.known_at else "known_now"
        said.append(self.t(key, at=full(found.known_at or now, zone, self.language)))
        said += [self.t("only_owner", owner=found.owner)] if found.owner else []
        said += [self.t("only_operator", operator=self.operator(found.operator))] if found.operator else []
        return [*said, self.t("of_ledgers"), self.t("identity")]

    def days(self) -> tuple[str, ...]:
        """The first and the last day."""
        return tuple(written_date(day, self.language) for day in days(self.found.since, self.found.until, self.place.zone))


def sheet(found: Told, world: World, language: str, now: datetime) -> Sheet:
    """The whole statement, owner by owner."""
    teller = Teller(found, world, language)
    t, title = teller.t, teller.place.title(language)
    since, until = teller.days()
    parts = [_section(teller, section) for section in sections(found.rows)]
    whole = totals(found.rows)
    if len(parts) > 1:
        parts.append(Section(t("all"), (), heads(teller), sums(teller, whole, t("total")), WIDTHS, 5, range(len(whole))))
    if not found.rows:
        parts.append(Section(t("nothing"), [t("nothing_next")]))
    else:
        parts.append(by_kind(teller, whole))
    parts.append(Section(t("definitions"), (), [t("figure"), t("meaning")], [list(row) for row in definitions(teller)], (20, 90)))
    parts.append(Section(t("about"), [t("note_taken"), t("note_law")]))
    said = [*teller.standing(now), *([] if found.over else [t("goes_on")])]
    foot = t("foot", place=title, since=since, until=until, at=full(now, teller.place.timezone, language))
    return Sheet(t("sheet_title", place=title), said, parts, foot, wide=True)


def heads(teller: Teller) -> list[str]:
    """The columns of a section."""
    return [teller.t(name) for name in ("operator", "hs", "measure", "unit", *TOTALS)]


def _section(teller: Teller, section: Owned) -> Section:
    rows = [
        [
            teller.operator(line.operator),
            teller.hs(line.hs),
            teller.t(line.measure),
            teller.unit(line),
            *(teller.figure(line, name) for name in TOTALS),
        ]
        for line in section.lines
    ]
    first = len(rows)
    rows += sums(teller, section.totals, teller.t("subtotal"))
    return Section(teller.heading(section), (), heads(teller), rows, WIDTHS, 5, range(first, len(rows)))


def sums(teller: Teller, lines: Iterable[Line], name: str) -> list[list[str]]:
    """Lines that sum others up, as rows of a section."""
    return [[name, "", teller.t(line.measure), teller.unit(line), *(teller.figure(line, each) for each in TOTALS)] for line in lines]


def by_kind(teller: Teller, whole: Sequence[Line]) -> Section:
    """What moved over all, kind by kind: those kinds of which anything did."""
    rows = [
        [teller.t(kind), teller.t(part), teller.t(line.measure), teller.unit(line), teller.figure(line, part)]
        for kind, parts in (("receipts", RECEIPTS), ("removals", REMOVALS), ("adjustments", ADJUSTMENTS))
        for part in parts
        for line in whole
        if line.figures[part]
    ]
    columns = [teller.t("figure"), teller.t("kind"), teller.t("measure"), teller.t("unit"), teller.t("total")]
    return Section(teller.t("by_kind"), (), columns, rows, (20, 30, 20, 20, 25), 1)


def definitions(teller: Teller) -> list[tuple[str, str]]:
    """(figure, what it means) of everything that a statement shows."""
    return [(teller.t(name), teller.t(f"def_{name}")) for name in (*TOTALS, *PARTS, *MEASURES)]
