"""Workbooks for tests: from tables with openpyxl, as Excel writes them; or from XML by hand, as others do, and as nobody should."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl

NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def book(rows: Sequence[Sequence[Any]], change: Callable[[Any], None] | None = None, **sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook whose first sheet has these rows. `change` gets the openpyxl workbook before it is written."""
    made = openpyxl.Workbook()
    first = made.active
    for row in rows:
        first.append(list(row))
    for name, more in sheets.items():
        sheet = made.create_sheet(name)
        for row in more:
            sheet.append(list(row))
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def package(
    sheet: str | bytes,
    *,
    styles: str = "",
    strings: str | None = None,
    workbook: str = "",
    parts: Mapping[str, str | bytes] | None = None,
    head: str = '<?xml version="1.0" encoding="UTF-8"?>',
) -> bytes:
    """A workbook of one sheet, given by what stands in its sheetData (or by the whole part, as bytes)."""
    whole = sheet if isinstance(sheet, bytes) else f'{head}<worksheet xmlns="{NS}"><sheetData>{sheet}</sheetData></worksheet>'
    made: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="a" Type="{REL}/officeDocument" '
        'Target="/xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{NS}" xmlns:r="{REL}">{workbook}'
        '<sheets><sheet name="S" sheetId="1" r:id="s"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="s" Type="{REL}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="{REL}/styles" Target="styles.xml"/>'
        f'<Relationship Id="u" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{NS}">{styles}</styleSheet>',
        "xl/worksheets/sheet1.xml": whole,
    }
    if strings is not None:
        made["xl/sharedStrings.xml"] = f'<sst xmlns="{NS}">{strings}</sst>'
    return zipped({**made, **(parts or {})})


def zipped(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def text(value: str, at: str = "") -> str:
    """A cell with a text in it."""
    where = f' r="{at}"' if at else ""
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")
    return f'<c{where} t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'


def line(*cells: str, n: int = 0) -> str:
    """A row of cells."""
    return (f'<row r="{n}">' if n else "<row>") + "".join(cells) + "</row>"


def headed(*rows: str, names: Sequence[str] = ("equipment", "gate_in", "remark")) -> str:
    """A sheet with our names in its first row."""
    return line(*(text(name) for name in names)) + "".join(rows)
