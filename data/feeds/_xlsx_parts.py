"""The parts of a workbook beside its sheets: what is related to what, the list of sheets, formats, shared strings (ECMA-376 part 1, 18)."""

from __future__ import annotations

import posixpath

from data.feeds._xlsx_cells import text_of
from data.feeds._xlsx_xml import BadXml, Seen

STRINGS, STRING_TEXT = 2_000_000, 64_000_000  # shared strings and their characters, all of which are held in memory (some 300 MB)
TRUE = ("1", "true")


class Links(Seen):
    """The relationships of a part: the workbook itself, its sheets by id, its styles and strings."""

    def __init__(self, part: str, folder: str) -> None:
        self.folder, self.main, self.styles, self.strings = folder, "", "", ""
        self.sheets: dict[str, str] = {}

    def began(self, name: str, attributes: dict[str, str]) -> None:
        if name != "Relationship" or attributes.get("TargetMode") == "External":
            return
        kind, target = attributes.get("Type", "").rpartition("/")[2], attributes.get("Target", "")
        path = posixpath.normpath(target.lstrip("/") if target.startswith("/") else posixpath.join(self.folder, target))
        match kind:
            case "officeDocument":
                self.main = self.main or path
            case "worksheet":
                self.sheets[attributes.get("Id", "")] = path
            case "styles":
                self.styles = path
            case "sharedStrings":
                self.strings = path


class Workbook(Seen):
    """The list of sheets, and from which day dates are counted."""

    def __init__(self) -> None:
        self.root, self.since_1904 = "", False
        self.sheets: list[tuple[str, str, bool]] = []

    def began(self, name: str, attributes: dict[str, str]) -> None:
        self.root = self.root or name
        if name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in TRUE
        elif name == "sheet" and len(self.sheets) < 1000:
            link = next((value for key, value in attributes.items() if key.endswith(" id")), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((text_of(attributes.get("name", "")), link, hidden))


class Styles(Seen):
    """The format of each style of cells."""

    def __init__(self) -> None:
        self.codes: dict[int, str] = {}
        self.styles: list[int] = []
        self.inside = False

    def began(self, name: str, attributes: dict[str, str]) -> None:
        if name == "numFmt" and len(self.codes) < 10_000:
            self.codes[small_int(attributes.get("numFmtId"), -1)] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside and len(self.styles) < 100_000:
            self.styles.append(small_int(attributes.get("numFmtId"), 0))

    def ended(self, name: str) -> None:
        if name == "cellXfs":
            self.inside = False


class Strings(Seen):
    """The shared strings; what is only how a text is pronounced is no part of it."""

    def __init__(self, strings: list[str]) -> None:
        self.strings, self.pieces, self.taking, self.spoken, self.length = strings, list[str](), False, 0, 0

    def began(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self.pieces.clear()
        elif name == "rPh":
            self.spoken += 1
        elif name == "t":
            self.taking = not self.spoken

    def ended(self, name: str) -> None:
        if name == "t":
            self.taking = False
        elif name == "rPh":
            self.spoken -= 1
        elif name == "si":
            self.strings.append(text_of("".join(self.pieces)))
            if len(self.strings) > STRINGS:
                raise BadXml(f"it has more than {STRINGS} different texts")

    def told(self, text: str) -> None:
        if self.taking:
            self.length += len(text)
            if self.length > STRING_TEXT:
                raise BadXml(f"its texts have more than {STRING_TEXT} characters")
            self.pieces.append(text)


def small_int(text: str | None, other: int) -> int:
    """A small whole number in figures, else `other`."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else other
