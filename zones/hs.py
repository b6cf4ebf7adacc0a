"""Codes of the Harmonized System: their form, its editions, and a list of codes that a deployment puts beside the law of a jurisdiction.

A list is of one edition. It is a table with a column `hscode`, or a text of one code a line. Its codes of six digits count, and of longer
ones (a nation's own) the first six; chapters and headings (two and four digits) say nothing. By it a code is looked up and never changed.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator

from zones._declare import BadDeclaration

EDITIONS = ("1988", "1992", "1996", "2002", "2007", "2012", "2017", "2022", "2028")
"""Editions of the Harmonized System (WCO), each in force from 1 January of its year."""

COLUMN = "hscode"
NATIONAL = ("98", "99")
_SIX = 6
_TOLD = 20  # mistakes of one list that are told one by one
_TOTAL = "TOTAL"  # the row of all goods in lists made for statistics, as in the public one


class HsList:
    """The codes of one edition that there are. Two lists that say the same have one `version`, a hash of what they say."""

    def __init__(self, edition: str, codes: Iterable[str]) -> None:
        self.edition = edition
        self.codes = frozenset(codes)  # each of six digits
        self.version = hashlib.sha256(" ".join((edition, *sorted(self.codes))).encode()).hexdigest()[:12]

    def holds(self, code: str, edition: str) -> bool:
        """Whether it has nothing against a code: it is listed, or of another edition, or in a chapter that is each nation's own."""
        return code[:_SIX] in self.codes or (edition != "" and edition != self.edition) or code[:2] in NATIONAL

    def __repr__(self) -> str:
        return f"HsList({self.edition}, {self.version})"  # the order of a set differs from process to process


def has_form(code: str) -> bool:
    """Whether a code has the form of one: 6 to 12 digits in a chapter that there is (01 to 99 without 77, which is kept free; 98 and 99 are
    each nation's own)."""
    return code.isascii() and code.isdecimal() and _SIX <= len(code) <= 12 and code[:2] not in ("00", "77")


def read_list(file: str, text: str, edition: str) -> tuple[HsList, list[BadDeclaration]]:
    """The list in a text, and every mistake in it, by line (of many the first, and how many more)."""
    codes: set[str] = set()
    faults: list[BadDeclaration] = []
    try:
        for line, told in _told(text):
            code = re.sub(r"[.\s]", "", told)
            if wrong := _wrong(code, told):
                faults.append(BadDeclaration(file, line, COLUMN, wrong))
            elif len(code) >= _SIX:
                codes.add(code[:_SIX])
    except _NoTable as error:
        faults.append(BadDeclaration(file, error.line, "", str(error)))
    if not codes and not faults:
        faults.append(BadDeclaration(file, 0, "", "there is no code of six digits in it"))
    if len(faults) > _TOLD:
        more = f"and {len(faults) - _TOLD} more mistakes like these"
        faults = [*faults[:_TOLD], BadDeclaration(file, faults[_TOLD].line, "", more)]
    return HsList(edition, codes), faults


class _NoTable(ValueError):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def _wrong(code: str, told: str) -> str:
    if not (code.isascii() and code.isdecimal()):
        return f"{told!r} is no HS code: digits are expected" if code else "there is no code in this line"
    if len(code) > 12 or len(code) in (1, 3, 5, 7):
        return f"{told!r} has {len(code)} digits: a code has 2, 4, 6 or 8 to 12 (is a leading 0 lost?)"
    if code[:2] in ("00", "77"):
        return f"{told!r} is in chapter {code[:2]}, which there is not"
    return ""


def _told(text: str) -> Iterator[tuple[int, str]]:
    """(line, code as written) of each row. Errors: _NoTable without the column, or where a row cannot be read."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line for line in lines if line.strip()), "")
    if not re.search(r"[^\W\d_]", first):  # no letter: no names of columns
        yield from ((n, line.strip()) for n, line in enumerate(lines, 1) if line.strip())
        return
    delimiter = max(",;\t", key=first.count)
    rows = csv.reader((line + "\n" for line in lines), delimiter=delimiter, strict=True)
    column, began = -1, 1
    try:
        for row in rows:
            if column < 0 and any(row):
                names = [name.strip().casefold() for name in row]
                if COLUMN not in names:
                    raise _NoTable(began, f"no column is named {COLUMN!r}: {', '.join(row)[:100]}")
                column = names.index(COLUMN)
            elif any(row) and (told := row[column].strip() if column < len(row) else "") != _TOTAL:
                yield began, told
            began = rows.line_num + 1
    except csv.Error as error:
        raise _NoTable(began, f"the row that begins here cannot be read: {error}") from None
