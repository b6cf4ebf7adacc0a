"""What a file is, before it is read: its format, and for a table the options by which it would be read, each with the reason.

What the options declare stands; where the bytes look different, the finding says so and nothing is changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType
from typing import Any

from data.feeds import formats
from data.feeds._columns import Native, asked, by_name, grams_of
from data.feeds._json_pages import EPCIS
from data.feeds._table import Shape
from data.feeds._when import BadOptions
from data.tryout import mapping as columns
from data.tryout.dates import form_of, readers
from data.tryout.encoding import Seen, encoding_of
from data.tryout.figures import marks_of
from data.tryout.sheet import EMPTY, Sheet, sheet_of, text_of
from data.tryout.told import Column, Finding
from data.tryout.workbook import is_workbook, workbook_sheet
from zones.place import Place

_MESSAGE = re.compile(rb"UNH([^A-Za-z0-9 ]).{0,40}?\1([A-Z]{6})")  # the type is what stands after the second sign, whatever the sign
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_OTHERS = tuple(
    (re.compile(begin, re.IGNORECASE), kind)
    for begin, kind in (
        (rb"<!doctype html|<html", "HTML"), (rb"<", "XML"), (rb"%PDF", "PDF"),
        (rb"\xd0\xcf\x11\xe0", "Microsoft Office 97-2003 (.xls, .doc)"),
        (rb"PAR1", "Parquet"), (rb"\x89PNG", "PNG"), (rb"\xff\xd8\xff", "JPEG"), (rb"SQLite format 3", "SQLite"), (rb"Rar!\x1a", "RAR"),
        (rb"7z\xbc\xaf\x27\x1c", "7-Zip"),
    )
)  # fmt: skip
_PLAUSIBLE = range(500_000, 60_000_001)  # grams of a container, from an empty one with a wrong decimal sign to one beyond every scale


@dataclass(slots=True)
class Guess:
    """What was found; `options` are what the file would be read by, `chosen` those of them that were proposed and not declared."""

    format: str
    options: dict[str, Any]
    findings: list[Finding] = field(default_factory=list)
    sheet: Sheet = EMPTY
    columns: tuple[Column, ...] = ()
    fields: tuple[str, ...] = ()
    lacks: str = ""
    forms: tuple[str, ...] = ()


def guess(
    data: bytes,
    name: str,
    place: Place,
    format: str,
    options: Mapping[str, Any] | None,
    by: datetime,
    asked_by: str = "",
    propose: bool = False,
) -> Guess:
    """Of a file's (first) bytes. `format` "": find it. `options` None: propose them; else they are declared, or with `propose` stand while
    all else is proposed. `by`: no time of the file is later. `asked_by`: the feed that format and options are of, "" if it is none."""
    declared = None if propose else options
    fixed = dict(options or {})
    kind, key, said = (format, "format_feed" if asked_by else "format_asked", {"feed": asked_by}) if format else beginning(data)
    book = is_workbook(data)
    seen = Seen("", False, "") if book else encoding_of(data)
    encoding = _sound(str(fixed.get("encoding") or seen.name))
    sheet = EMPTY
    known = formats()
    if kind == "table" or hasattr(known.get(kind), "SHAPE"):
        mark = str(fixed.get("delimiter") or "")
        mark = "\t" if mark in ("tab", "\\t") else mark if len(mark) == 1 else ""
        sheet = workbook_sheet(data, str(fixed.get("sheet") or "")) if book else sheet_of(text_of(data, encoding), mark)
    if kind == "table":
        kind, key, said = _table_format(sheet, known, name)
    found = Guess(kind if kind in known else "", fixed, sheet=sheet)
    found.findings.append(Finding("format", kind or "?", "seen" if kind in known else "unknown", key, said))
    if not book and (found.format or sheet.header):
        found.findings.append(_encoding(seen, fixed if fixed.get("encoding") else declared))
    shape = getattr(known.get(kind), "SHAPE", None)
    if seen.declare and declared is None and found.format:
        fixed.setdefault("encoding", seen.name)
    if shape is None:
        return found
    if sheet.delimiter and (declared is not None or "delimiter" in fixed):
        found.findings.append(_delimiter(sheet, fixed, data, encoding))
    if declared is None:
        _propose(found, shape, name, book)
    _bound(found, shape, place, by, declared)
    return found


def beginning(data: bytes) -> tuple[str, str, dict[str, Any]]:
    """(format, why, values) by how a file begins; the format `table` is still to be told."""
    start = data[:4_096].removeprefix(b"\xef\xbb\xbf").lstrip().replace(b"\0", b"")
    known = formats()
    if start.startswith((b"UNA", b"UNB")) or re.match(rb"UNH.[0-9A-Z]", start):
        found = _MESSAGE.search(data[:65_536].translate(None, b"\0\r\n"))  # a file in lines of a fixed length may break anywhere
        kind = found[2].decode() if found else "?"
        name = kind.lower() if kind.lower() in known else ""
        return name, "format_edifact" if name else "format_edifact_unknown", {"kind": kind}
    if start[:1] in (b"{", b"["):
        if EPCIS.search(start):
            return "epcis" if "epcis" in known else "", "format_epcis", {}
        return ("dcsa", "format_json", {}) if "dcsa" in known else ("", "format_json_unknown", {})
    if kind := next((kind for begin, kind in _OTHERS if begin.match(start)), ""):
        return "", "format_other", {"kind": kind}
    if is_workbook(data):
        return "table", "", {}
    # A text that nobody can read is a text all the same; one with signs that stand in no text is none.
    binary = not start or (_CONTROL.search(data[:4_096]) is not None and not encoding_of(data).name)
    return ("", "format_none", {}) if binary else ("table", "", {})


def _table_format(sheet: Sheet, known: Mapping[str, ModuleType], name: str) -> tuple[str, str, dict[str, Any]]:
    """The table format whose fields these columns fit best."""
    tries = {kind: columns.propose(sheet, module.SHAPE, name) for kind, module in known.items() if hasattr(module, "SHAPE")}
    if not tries or not sheet.header:
        return "", "format_none", {}
    order = ("gate_csv", "customs_csv", "yard_csv")
    kind = max(sorted(tries, key=lambda k: order.index(k) if k in order else 9), key=lambda k: tries[k].sure)
    best = tries[kind]
    if len(best.fields) == 0 and len(sheet.header) < 2:
        return "", "format_none", {}
    return kind, "format_table_weak" if best.lacks else "format_table", {"n": len(best.fields), "lacks": best.lacks}


def _sound(encoding: str) -> str:
    try:
        "".encode(encoding)
    except LookupError:
        return "utf-8"
    return encoding


def _encoding(seen: Seen, options: Mapping[str, Any] | None) -> Finding:
    declared = str((options or {}).get("encoding") or "")
    values = {"letters": seen.letters, "declared": declared or "utf-8", "value": seen.name}
    if declared and seen.because not in ("encoding_mark", "encoding_ascii", "encoding_none") and _sound(declared) != declared:
        return Finding("encoding", declared, "declared", "declared")
    if options is not None and seen.declare and not declared:
        return Finding("encoding", seen.name, "unknown", "encoding_differs", values)
    if declared:
        differs = (
            seen.name and seen.because in ("encoding_utf8", "encoding_mark") and not declared.lower().replace("_", "-").startswith("utf")
        )
        return Finding("encoding", declared, "declared", "encoding_differs" if differs else "declared", values)
    how = "unknown" if not seen.name else "proposed" if seen.declare else "seen"
    return Finding("encoding", seen.name or "?", how, seen.because, values)


def _delimiter(sheet: Sheet, options: Mapping[str, Any], data: bytes, encoding: str) -> Finding:
    declared = str(options.get("delimiter") or "")
    if not declared:
        return Finding("delimiter", sheet.delimiter, "seen", "delimiter_cuts", {"n": len(sheet.header)})
    free = sheet_of(text_of(data, encoding))
    if len(free.header) > len(sheet.header):
        values = {"declared": repr(declared), "value": repr(free.delimiter), "n": len(free.header)}
        return Finding("delimiter", declared, "declared", "delimiter_differs", values)
    return Finding("delimiter", declared, "declared", "declared")


def _propose(found: Guess, shape: Shape, name: str, book: bool) -> None:
    """The options of a table that has none."""
    sheet = found.sheet
    if not book and "delimiter" not in found.options:
        found.options["delimiter"] = sheet.delimiter or ","
        found.findings.append(Finding("delimiter", sheet.delimiter, "proposed", "delimiter_cuts", {"n": len(sheet.header)}))
    found.options["columns"] = columns.options_of(sheet, columns.propose(sheet, shape, name), shape)


def _bound(found: Guess, shape: Shape, place: Place, by: datetime, declared: Mapping[str, Any] | None) -> None:
    """What the columns hold by the mapping: times, weights, codes."""
    sheet, options = found.sheet, found.options
    found.fields = tuple(field for field in shape.fields if field in shape.taken)
    try:
        entries = asked(options, shape.fields) or by_name(sheet.header, shape.fields)
    except BadOptions:
        entries = ()
    why: dict[str, str] = {}
    if declared is None:
        why = {field: because for field, (_, because) in columns.propose(sheet, shape).fields.items()}
        for entry in entries:
            why.setdefault(entry.field, "column_values")
    found.columns = columns.columns_of(sheet, entries, shape, why)
    found.lacks = shape.lacks(frozenset(entry.field for entry in entries))
    index = {name: i for i, name in reversed(list(enumerate(sheet.header)))}
    at = {entry.field: [index[name] for name in entry.names if name in index] for entry in entries}
    timed = [at[field] for field in columns.times_of(shape) if at.get(field)]
    if timed:
        _times(found, sorted({pair for indexes in timed for pair in sheet.joined(indexes)}), place, by, declared)
    if shape.exact:
        _figures(found, _typed(sorted(pair for name in shape.exact for i in at.get(name, ()) for pair in sheet.column(i))), declared)
    elif weights := [pair for i in at.get("gross_kg", ()) for pair in sheet.column(i)]:
        _weights(found, weights, declared)


def _times(found: Guess, texts: Sequence[tuple[int, str]], place: Place, by: datetime, declared: Mapping[str, Any] | None) -> None:
    typed = _typed(texts)
    if texts and not typed:
        return  # a workbook's own dates have no form: nothing is to be declared, and nothing was seen
    texts = typed
    form = form_of(texts, place.zone, by)
    found.forms = form.others
    given = None if declared is None else str(declared.get("time_format") or "")
    values = {
        **form.values,
        "read": 0,
        "declared": given or "ISO 8601",
        "value": form.pattern or "ISO 8601",
        "n": form.read or form.of,
        "all": form.of,
    }
    if given is not None:
        read = readers().get(given)
        values["read"] = sum(read(text) is not None for _, text in texts) if read else 0
        differs = form.pattern is not None and read is not None and form.pattern != given and values["read"] < form.read
        key = "time_differs" if differs else "declared" if read is None or form.pattern != given else form.because
        found.findings.append(Finding("time_format", given or "ISO 8601", "declared", key, values))
        return
    if form.pattern:
        found.options["time_format"] = form.pattern
        columns_ = found.options.pop("columns", {})
        found.options["columns"] = columns_  # last, where people look for it
    how = "unknown" if form.pattern is None else "proposed" if form.pattern else "seen"
    found.findings.append(Finding("time_format", "?" if form.pattern is None else form.pattern or "ISO 8601", how, form.because, values))


def _typed(texts: Sequence[tuple[int, str]]) -> list[tuple[int, str]]:
    """Those that somebody wrote as text: a workbook's own dates and numbers have no form and no decimal sign to be declared."""
    return [pair for pair in texts if not isinstance(pair[1], Native)]


def _figures(found: Guess, texts: Sequence[tuple[int, str]], declared: Mapping[str, Any] | None) -> None:
    """The marks in figures that have no size to be plausible by: what one of them shows, or that none does."""
    if declared is not None and declared.get("decimal"):
        found.findings.append(Finding("decimal", str(declared["decimal"]), "declared", "declared"))
        return
    seen = marks_of(texts)
    values = {"line": seen.line, "text": seen.text}
    if not seen.text:
        found.findings.append(Finding("decimal", "–", "seen", "decimal_none"))
        return
    if not seen.sure:
        found.findings.append(Finding("decimal", "?", "unknown", "decimal_two_ways", values))
        return
    how = "seen"
    if declared is None:
        how = "proposed"
        said = {"decimal": seen.decimal, "thousands": seen.thousands}
        rest = {name: value for name, value in found.options.items() if name != "columns"}
        found.options = {**rest, **{name: value for name, value in said.items() if value}, "columns": found.options.get("columns", {})}
    found.findings.append(Finding("decimal", seen.decimal or "–", how, "decimal_cents", values))


def _weights(found: Guess, texts: Sequence[tuple[int, str]], declared: Mapping[str, Any] | None) -> None:
    """The decimal sign: only where a weight has a mark at all."""
    given = str((declared or {}).get("decimal") or "")
    texts = _typed(texts)
    marked = [(line, text) for line, text in texts if re.search(r"[0-9][.,][0-9]", text)]
    if given or not marked:
        how, key = ("declared", "declared") if given else ("seen", "decimal_none")
        found.findings.append(Finding("decimal", given or "–", how, key))
        return
    plausible = {mark: sum((grams_of(mark)(text) or 0) in _PLAUSIBLE for _, text in texts) for mark in ".,"}
    sign = max(".,", key=lambda mark: plausible[mark])
    line, text = next(((n, text) for n, text in marked if not re.fullmatch(r"[0-9]{1,3}[.,][0-9]{3}", text)), marked[0])
    values = {"line": line, "text": text, "n": plausible[sign], "all": len(texts)}
    sure = plausible["."] == plausible[","]
    if declared is None:
        found.options = {
            **{k: v for k, v in found.options.items() if k != "columns"},
            "decimal": sign,
            "columns": found.options.get("columns", {}),
        }
    how = "proposed" if declared is None else "seen"
    found.findings.append(Finding("decimal", sign, how, "decimal_cents" if sure else "decimal_plausible", values))
