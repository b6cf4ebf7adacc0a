"""Which column says what: proposed by their names (words.py) and confirmed by their values; the codes of closed vocabularies beside.

One column for one field. What nobody calls by a known name, and whose values say nothing for sure, stays ignored: a person chooses.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.feeds._columns import Asked
from data.feeds._table import Shape
from data.tryout.dates import looks_like_a_time
from data.tryout.sheet import Sheet
from data.tryout.told import Code, Column
from data.tryout.words import called, ours, plain
from zones import codes

FACTS = ("hold", "release", "selected", "inspected", "permit")
TIMES = frozenset({"occurred_at", "effective_at", "issued_at", "as_of", "entered_at", *codes.EVENTS, *FACTS})
MOST_CODES = 40  # different words of a column; more is no vocabulary
LOOKED_AT = 300  # values of a column by which its kind is told
EXAMPLES = 3
_SIZE = re.compile(r"[0-9A-Z]{2}[A-Z][0-9A-Z]|(20|40|45)['’]? ?[A-Z]{2}|(20|40|45)")
_PLATE = re.compile(r"(?=.*[0-9])(?=.*[^\W\d_])[\w .\-·]{5,14}")
_WEIGHT = re.compile(r"[0-9]{1,3}([., \u00a0]?[0-9]{3})*([.,][0-9]{1,3})?")

_LIKE: Mapping[str, Callable[[str], object]] = {
    "equipment": lambda text: re.fullmatch(r"[A-Z]{4}[0-9]{6,7}", codes.normal(text)),
    "size_type": lambda text: _SIZE.fullmatch(text.upper()),
    "vehicle": lambda text: _PLATE.fullmatch(text),
    "gross_kg": lambda text: _WEIGHT.fullmatch(text),
}


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a table's columns are taken for: field -> (column, why), how sure all of it is, and what is still lacking ("" if nothing)."""

    fields: Mapping[str, tuple[int, str]]
    sure: int
    lacks: str


def times_of(shape: Shape) -> frozenset[str]:
    """The fields of a format that are times. A permit is one only where facts are told by columns of times."""
    return (TIMES - {"event"} - (frozenset() if "hold" in shape.fields else frozenset(FACTS))) & shape.fields.keys()


def vocabulary(field: str, shape: Shape) -> str:
    """The kind of words of a closed field (words.CODES), "" for any other. Customs and devices have events of their own."""
    if not shape.fields.get(field):
        return ""
    if field == "event":
        return "fact" if "hold" in shape.fields[field] else "signal" if "tamper" in shape.fields[field] else field
    return field


def propose(sheet: Sheet, shape: Shape, name: str = "") -> Proposed:
    """The likeliest field of each column, the surest first. `name`: the file's, which may say that it is a yard list."""
    values = [[text for _, text in sheet.column(i)][:LOOKED_AT] for i in range(len(sheet.header))]
    timed = [_share(texts, looks_like_a_time) >= 0.5 for texts in values]
    ranked: list[tuple[int, int, int, str, str]] = []
    for i, header in enumerate(sheet.header):
        for order, field in enumerate(shape.fields):
            if field in shape.taken and (sure := _sure(field, header, values[i], timed[i], shape)) >= 3:
                ranked.append((-sure, i, order, field, "column_name" if called(field, header) else "column_values"))
    taken: dict[str, tuple[int, str]] = {}
    points = 0
    for sure, i, _, field, because in sorted(ranked):
        if field not in taken and i not in {at for at, _ in taken.values()} and sheet.header.count(sheet.header[i]) == 1:
            taken[field] = i, because
            points -= sure
    points += _lonely_time(taken, timed, sheet, shape)
    lacks = shape.lacks(frozenset(taken))
    said = plain(name)
    listed = "as_of" in shape.fields and any(word in said for word in ("yard", "list", "stock", "inventory", "ton bai", "堆场", "在场"))
    own = len({"as_of", "hold_ref", "agency", "effective_at", "gate_in", "gate_out", "occurred_at", "device", "lat", "lot"} & taken.keys())
    return Proposed(taken, points + 3 * own + 6 * listed - (40 if lacks else 0), lacks)


def _lonely_time(taken: dict[str, tuple[int, str]], timed: Sequence[bool], sheet: Sheet, shape: Shape) -> int:
    """Where a column of events has no time beside it, the only column of times left is it."""
    wanted = next((name for name in ("occurred_at", "effective_at") if name in shape.fields), "")
    used = {at for at, _ in taken.values()}
    left = [i for i, is_time in enumerate(timed) if is_time and i not in used and sheet.header.count(sheet.header[i]) == 1]
    if wanted and "event" in taken and wanted not in taken and len(left) == 1:
        taken[wanted] = left[0], "column_only_time"
        return 2
    return 0


def _sure(field: str, header: str, texts: Sequence[str], timed: bool, shape: Shape) -> int:
    """How sure a column is a field: by its name (0 to 3), with its values (up to 4 more, or against it)."""
    name = called(field, header)
    vocabulary_ = vocabulary(field, shape)
    if not texts:
        return name if name == 3 else 0
    if field in times_of(shape):
        return name + 3 if name and timed else 0
    if timed and field not in ("remark", "equipment"):
        return 0
    if like := _LIKE.get(field):
        share = _share(texts, like)
        if field == "equipment" and share >= 0.7:
            return name + 4
        return name + 2 if name and share >= 0.6 else name - (2 if field in ("equipment", "gross_kg") else 1)
    if vocabulary_:
        distinct = set(texts)
        share = _share(texts, lambda text: ours(vocabulary_, text) or text in shape.fields[field])
        if len(distinct) > MOST_CODES or (not share and name < 3):
            return 0
        return name + 2 if name and share >= 0.5 else 3 if share == 1 and field == "event" and max(map(len, distinct)) > 2 else name
    return name


def _share(texts: Sequence[str], fits: Callable[[str], object]) -> float:
    return sum(bool(fits(text)) for text in texts) / len(texts) if texts else 0.0


# ---------------------------------------------------------------- options


def options_of(sheet: Sheet, proposed: Proposed, shape: Shape) -> dict[str, Any]:
    """The `columns` of a mapping: field -> column, with a map where the vocabulary is closed. In the order of the file's columns."""
    columns: dict[str, Any] = {}
    for field, (index, _) in sorted(proposed.fields.items(), key=lambda item: item[1][0]):
        header, kind = sheet.header[index], vocabulary(field, shape)
        if not kind:
            columns[field] = header
            continue
        said = Counter(text for _, text in sheet.column(index))
        known = {text: word for text in list(said)[:MOST_CODES] if (word := ours(kind, text)) in shape.fields[field] and word != text}
        columns[field] = {"column": header, "map": known} if known else header
    return columns


def columns_of(sheet: Sheet, mapping: Sequence[Asked], shape: Shape, why: Mapping[str, str]) -> tuple[Column, ...]:
    """Every column as it would be read by this mapping."""
    of = {name: entry for entry in reversed(mapping) for name in entry.names}
    found = []
    for i, header in enumerate(sheet.header):
        cells = [text for _, text in sheet.column(i)]
        entry = of.get(header)
        field = entry.field if entry else ""
        words = _codes(Counter(cells), entry, shape) if entry and shape.fields.get(entry.field) else ()
        examples = tuple(text[:60] for text in dict.fromkeys(cells))[:EXAMPLES]
        because = why.get(field, "column_declared") if field else ""
        found.append(Column(header, len(sheet.rows), len(cells), examples, field, because, words))
    return tuple(found)


def _codes(said: Counter[str], entry: Asked, shape: Shape) -> tuple[Code, ...]:
    """The words of a column, those that nothing is known of first, with the nearest that is known: of the map or of the trade."""
    words, kind = entry.words or {}, vocabulary(entry.field, shape)
    found = []
    for text, n in said.most_common(MOST_CODES):
        word = words.get(text) or words.get(text.casefold()) or words.get(text.casefold().replace(" ", "_").replace("-", "_")) or ""
        found.append(Code(text[:60], n, word, "" if word else _nearest(text, kind, tuple(words))))
    return tuple(sorted(found, key=lambda code: (bool(code.ours), -code.count, code.text)))


def _nearest(text: str, kind: str, known: Sequence[str]) -> str:
    """The word that is meant, if one can be told: by the words of the trade, else by its letters."""
    if word := ours(kind, text):
        return word
    close = difflib.get_close_matches(text.casefold()[:40], [word.casefold() for word in known], 1, 0.5)
    return close[0] if close else ""
