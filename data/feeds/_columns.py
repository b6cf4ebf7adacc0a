"""Which column of a CSV file says what: the mapping of a feed's options, bound to a header.

A mapping gives for each of our fields their column, or {column: ..., map: {theirs: ours}}, or {value: ...}, or {columns: [...]} (their
cells joined by a blank: a date and a time in columns of their own). Without a mapping, columns that have our names are taken.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data.feeds._when import BadOptions
from zones import codes, seals
from zones.report import Cargo

COLUMN_LIMIT = 1_000  # columns of a file; more is no table of containers

TEXT: tuple[str, ...] = ()
BOX_FIELDS: dict[str, tuple[str, ...]] = {
    "equipment": TEXT, "size_type": TEXT, "full_empty": codes.FULL_EMPTY, "direction": codes.DIRECTIONS, "mode": codes.MODES,
    "terminal": TEXT, "line": TEXT, "bill": TEXT, "declaration": TEXT, "vehicle": TEXT, "gate": TEXT, "lane": TEXT, "seals": TEXT,
    "gross_kg": TEXT, "area": TEXT, "remark": TEXT, "vessel": TEXT, "voyage": TEXT, "sealed_by": seals.PARTIES, "seal_kind": seals.KINDS,
    "dangerous": TEXT,
}  # fmt: skip
"""The fields of every CSV format: name -> the words it may hold, () for any text."""

LONG = 64  # characters of a value that is kept as it is, where _LONGER does not say more (0: any number)
_LONGER = {
    "remark": 0, "seals": 400, "holds": 400, "sealed_by": 400, "seal_kind": 400, "dangerous": 400, "bill": 80, "declaration": 80,
    "hold_ref": 80, "kind": 200, "result": 200, "description": 400, "operation": 200, "owner": 200, "to_owner": 200, "operator": 200,
    "permit": 80, "item": 80,
}  # fmt: skip
_HARMLESS = frozenset({"N", "NO", "NONE", "0", "-", "KHONG", "否"})  # how columns say that there are no dangerous goods
_EACH = ("sealed_by", "seal_kind")  # a word for each seal, or one for all of them


@dataclass(frozen=True, slots=True)
class Asked:
    """One entry of the mapping: a field, and the columns or the constant it is taken from."""

    field: str
    names: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None
    value: str | None = None


class Native(str):
    """A number or a time as a workbook itself holds it, written plainly (24.5, 2026-03-01 08:15): the forms that a feed declares for
    text, the decimal mark and the form of times, do not hold for it."""

    __slots__ = ()


class Misfit(Exception):
    """The header lacks what the mapping names: (reason, detail)."""


def tidy_name(text: object) -> str:
    """A column's name without what editors change: composed letters, single blanks, none at the ends."""
    return " ".join(unicodedata.normalize("NFC", str(text)).replace("\ufeff", "").split())


def asked(options: Mapping[str, object], fields: Mapping[str, tuple[str, ...]]) -> tuple[Asked, ...]:
    """The mapping of the options, () if there is none. Raises BadOptions, naming the field and what is wrong with it."""
    columns = options.get("columns")
    if columns is None or columns == {}:
        return ()
    if not isinstance(columns, Mapping):
        raise BadOptions("columns is not a mapping of our fields to the file's columns")
    return tuple(_entry(str(name), entry, fields) for name, entry in columns.items())


def _entry(name: str, entry: object, fields: Mapping[str, tuple[str, ...]]) -> Asked:
    if name not in fields:
        raise BadOptions(f"columns: no field is called {name!r}{nearest(name, fields)}")
    if not isinstance(entry, Mapping):
        entry = {"column": entry}
    unknown = sorted(str(key) for key in set(entry) - {"column", "columns", "map", "value"})
    sources = [key for key in ("column", "columns", "value") if entry.get(key) is not None]
    if unknown or len(sources) != 1:
        beside = f"; not {', '.join(unknown)}" if unknown else ""
        raise BadOptions(f"columns: {name} needs one of column, columns, value, and may have a map{beside}")
    given = entry[sources[0]]
    if sources == ["value"]:
        return Asked(name, words=_words(name, entry.get("map"), fields[name]), value=str(given).strip())
    names = given if sources == ["columns"] and isinstance(given, list | tuple) else (given,)
    if not names or any(isinstance(n, Mapping | list | tuple) or not tidy_name(n) for n in names):
        raise BadOptions(f"columns: {name} names no column")
    return Asked(name, tuple(tidy_name(n) for n in names), _words(name, entry.get("map"), fields[name]))


def _words(name: str, given: object, vocabulary: tuple[str, ...]) -> Mapping[str, str] | None:
    """Their word -> ours, by the word itself and in small letters; the field's own words always stand for themselves."""
    if given is None and not vocabulary:
        return None
    if given is not None and not isinstance(given, Mapping):
        raise BadOptions(f"columns: the map of {name} is not a mapping")
    theirs = {str(key).strip(): str(word).strip() for key, word in (given or {}).items()}
    wrong = sorted(word for word in theirs.values() if vocabulary and word not in vocabulary)
    if wrong:
        raise BadOptions(f"columns: the map of {name} leads to {wrong[0]!r}{nearest(wrong[0], vocabulary)}; words: {', '.join(vocabulary)}")
    return {word: word for word in vocabulary} | {key.casefold(): word for key, word in theirs.items()} | theirs


def by_name(header: Sequence[str], fields: Mapping[str, tuple[str, ...]]) -> tuple[Asked, ...]:
    """The mapping of a file whose columns have our names."""
    return tuple(Asked(name, (name,), _words(name, None, fields[name])) for name in dict.fromkeys(header) if name in fields)


def nearest(name: str, names: Collection[str]) -> str:
    """' (nearest: ...)', or nothing where nothing is near."""
    small = {n.casefold()[:80]: n for n in list(names)[:COLUMN_LIMIT]}
    found = difflib.get_close_matches(name.casefold()[:80], small, 1, 0.6)
    return f" (nearest: {small[found[0]]!r})" if found else ""


def _reference(text: str) -> str:
    return text.upper() if text.isalnum() else codes.document(text)


def _box(text: str) -> str:
    return text if text.isascii() and text.isalnum() and text.isupper() else codes.normal(text)


def _seals(text: str) -> tuple[str, ...]:
    return (text,) if text.isalnum() else tuple(dict.fromkeys(re.findall(r"[^\s/;,|]+", text)))


def _dangers(text: str) -> tuple[str, ...]:
    """Class and UN number each, as `zones.report.Cargo` has them: of 3/1263, of 3 UN1263, of one of them alone."""
    found: list[str] = []
    for each in re.findall(r"[^\s;,|]+", re.sub(r"\bUN\s*(?=\d)", "/", text.upper())) if text else ():
        if each.startswith("/") and found and found[-1].endswith("/"):
            found[-1] += each[1:]
        elif re.fullmatch(r"\d(\.\d[A-Z]?)?/?(\d{4})?|/?\d{4}", each):
            found.append(each if "/" in each else f"/{each}" if len(each) == 4 and each.isdecimal() else f"{each}/")
    return tuple(dict.fromkeys(found))[:50]


_TIDY: dict[str, Callable[[str], Any]] = {
    "equipment": _box, "bill": _reference, "declaration": _reference, "size_type": _reference, "seals": _seals, "dangerous": _dangers,
}  # fmt: skip


@dataclass(slots=True)
class Left:
    """A column that nothing takes: where, its name, how many cells are filled, one of them."""

    index: int
    name: str
    count: int = 0
    example: str = ""


@dataclass(slots=True)
class Columns:
    """A mapping bound to a header: `read` turns a row of fields into values by our names."""

    fields: frozenset[str]
    constant: dict[str, Any]
    grams: Callable[[str], int | None]
    hundredths: Callable[[str], int | None]
    plain: list[tuple[str, int]] = field(default_factory=list)
    tidied: list[tuple[str, int, Callable[[str], Any]]] = field(default_factory=list)
    worded: list[tuple[Asked, tuple[int, ...], bool]] = field(default_factory=list)
    limits: list[tuple[str, int, int]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    used: frozenset[int] = frozenset()
    exact: frozenset[str] = frozenset()  # figures that the reader itself reads

    def read(self, row: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
        """Values by field (seals a tuple; sealed_by and seal_kind together as sealed; dangerous as cargo; gross_kg as gross_g in grams;
        goods_value in hundredths), and remarks on what the mapping does not know."""
        values, notes = self.constant.copy(), list[str]()
        for name, index in self.plain:
            values[name] = row[index]
        for name, index, tidy in self.tidied:
            values[name] = tidy(row[index])
        for entry, indexes, closed in self.worded:
            text = row[indexes[0]] if len(indexes) == 1 else _joined([row[i] for i in indexes if row[i]])
            values[entry.field] = _word(entry, text, closed, notes)
        if "sealed_by" in values or "seal_kind" in values:
            values["sealed"] = _sealed(values.get("seals", ()), values.pop("sealed_by", ()), values.pop("seal_kind", ()))
        if "dangerous" in values:
            dangers, text = values.pop("dangerous"), next((row[i] for name, i, _ in self.tidied if name == "dangerous"), "")
            if dangers:
                values["cargo"] = Cargo(dangerous=dangers)
            elif text and text.upper() not in _HARMLESS:
                notes.append(f"dangerous {text[:40]!r} is no class and no UN number")
        if "gross_kg" in values and "gross_kg" not in self.exact:
            text = values.pop("gross_kg")
            values["gross_g"] = grams = (_PLAIN(text) if isinstance(text, Native) else self.grams(text)) if text else None
            if grams is None and text:
                notes.append(f"gross_kg {text[:40]!r} is not a weight")
        if text := values.pop("goods_value", ""):
            values["goods_value"] = worth = (_PLAIN_SUM if isinstance(text, Native) else self.hundredths)(text)
            if worth is None:
                notes.append(f"goods_value {text[:40]!r} is not a sum")
        return values, notes

    def too_long(self, row: Sequence[str]) -> str:
        """The first field that is longer than it can be, with its length; "" if none is."""
        return next((f"{name} has {len(row[i])} characters" for name, i, most in self.limits if len(row[i]) > most), "")

    def count_left(self, row: Sequence[str]) -> None:
        """Counts the cells that nothing takes."""
        for column in self.left:
            if row[column.index]:
                column.count += 1
                column.example = column.example or row[column.index][:60]


def _joined(cells: list[str]) -> str:
    """Cells that are one value: a date and a time, say."""
    text = " ".join(cells)
    return Native(text) if any(isinstance(cell, Native) for cell in cells) else text


def _word(entry: Asked, text: str, closed: bool, notes: list[str]) -> Any:
    """Our word for theirs. A word that the map does not have is 'unknown' in a field with a vocabulary (an event keeps it: the reader
    says so), and itself in any other field: two agencies must not become one because the map knows neither."""
    if entry.field in _EACH:
        known = entry.words is not None and (text in entry.words or text.casefold() in entry.words)  # may be a phrase
        return tuple(_ours(entry, each, closed, notes) for each in ((text,) if known else _seals(text)))
    word = _ours(entry, text, closed, notes)
    tidy = _TIDY.get(entry.field)
    return tidy(word) if tidy else word


def _sealed(numbers: Collection[str], parties: Sequence[str], kinds: Sequence[str]) -> str:
    """What is told of each seal, as `zones.seals` spells it: one word for all, or each its own."""

    def said(words: Sequence[str], n: int) -> str:
        told = words[0] if len(words) == 1 else words[n] if n < len(words) else ""
        return "" if told == "unknown" else told

    return seals.spelled(seals.word(said(parties, n), said(kinds, n)) for n in range(max(len(numbers), len(parties), len(kinds))))


def _ours(entry: Asked, text: str, closed: bool, notes: list[str]) -> str:
    word: str | None = text
    if entry.words is not None:
        word = entry.words.get(text) or entry.words.get(text.casefold())
        if word is None and closed:
            word = entry.words.get(text.casefold().replace(" ", "_").replace("-", "_"))
        if word is None:
            if text and entry.field != "event":
                notes.append(f"{entry.field} {text[:40]!r} is not in the mapping")
            word = "unknown" if closed and entry.field != "event" else text
    return word or ""


def bind(
    mapping: Sequence[Asked], header: Sequence[str], taken: Collection[str], fields: Mapping[str, tuple[str, ...]], decimal: object
) -> Columns:
    """The mapping on this header. `taken`: the fields that the reader has a place for; others are left over. Raises Misfit, BadOptions."""
    at: dict[str, list[int]] = {}
    for i, name in enumerate(header):
        at.setdefault(name, []).append(i)
    named = dict.fromkeys(name for entry in mapping for name in entry.names)
    if absent := [name for name in named if name not in at]:
        raise Misfit("missing_column", "; ".join(f"{name!r}{nearest(name, header)}" for name in absent[:10]))
    if double := [name for name in named if len(at[name]) > 1]:
        raise Misfit("double_column", ", ".join(map(repr, double[:10])))
    mapping = [entry for entry in mapping if entry.field in taken]
    columns = Columns(frozenset(entry.field for entry in mapping), {}, grams_of(decimal), hundredths_of(decimal))
    for entry in mapping:
        closed, indexes = bool(fields[entry.field]), tuple(at[name][0] for name in entry.names)
        columns.limits += [(entry.field, i, most) for i in indexes if (most := _LONGER.get(entry.field, LONG))]
        if entry.value is not None:
            columns.constant[entry.field] = _word(entry, entry.value, closed, [])
        elif len(indexes) > 1 or entry.words is not None:
            columns.worded.append((entry, indexes, closed))
        elif tidy := _TIDY.get(entry.field):
            columns.tidied.append((entry.field, indexes[0], tidy))
        else:
            columns.plain.append((entry.field, indexes[0]))
    columns.used = used = frozenset(at[name][0] for entry in mapping for name in entry.names)
    names = [name[:200] or f"(column {i + 1})" for i, name in enumerate(header)]
    several = {name for name in names if names.count(name) > 1}
    columns.left = [Left(i, f"{name} (column {i + 1})" if name in several else name) for i, name in enumerate(names) if i not in used]
    return columns


def grams_of(decimal: object) -> Callable[[str], int | None]:
    """Kilograms in text -> whole grams; None for what is not a weight. Raises BadOptions for another mark than . or ,"""
    return _thousandths_of(decimal, 9)


def hundredths_of(decimal: object) -> Callable[[str], int | None]:
    """A sum of money in text -> hundredths of its unit, below 10^15 units; None for what is none. Raises BadOptions as `grams_of`."""
    thousandths = _thousandths_of(decimal, 15)

    def hundredths(text: str) -> int | None:
        found = thousandths(text)
        return None if found is None else (found + 5) // 10

    return hundredths


def _thousandths_of(decimal: object, digits: int) -> Callable[[str], int | None]:
    """A number in text -> thousandths. Figures are grouped only where `decimal` is declared: "24,500" is 24.5 to one sender and 24500 to
    another."""
    if decimal not in (None, "", ".", ","):
        raise BadOptions(f"decimal {decimal!r} is neither '.' nor ','")
    point, group = (",", ".") if decimal == "," else (".", ",")
    grouped = rf"|[0-9]{{1,3}}(?:[{group} \u00a0\u202f][0-9]{{3}})+" if decimal else ""
    form = re.compile(rf"(?P<whole>[0-9]{{1,{digits}}}{grouped})(?:[{point}](?P<part>[0-9]{{1,12}}))?")

    def thousandths(text: str) -> int | None:
        match = form.fullmatch(text)
        if match is None:
            return None
        whole, part = re.sub("[^0-9]", "", match["whole"]), (match["part"] or "").ljust(4, "0")
        return int(whole) * 1000 + int(part[:3]) + (part[3] >= "5") if len(whole) <= digits else None

    return thousandths


_PLAIN, _PLAIN_SUM = grams_of(None), hundredths_of(None)
