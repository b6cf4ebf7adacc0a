"""How the books of goods in the demo zone are written: each of its own make.

dz-ledger-a   Demo Zone Logistics: CSV in Vietnamese, semicolons, decimal commas, with the balance after each line
dz-ledger-b   Demo Zone Garments: a workbook in English, without balances
dz-ledger-c   small keepers together: CSV in English, the same columns and who it is
dz-permits    what customs authorised: CSV in English
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from data.demo.calls import ZONE
from data.demo.goods.lot import Line
from data.demo.write import table

PLACE = "demo-zone"
Told = tuple[Line, datetime, str]  # a line, when it was written so, and: "" or "cancel"

_ACTS = {
    "admission": "Nhập", "withdrawal": "Xuất", "return": "Trả lại", "transfer": "Chuyển", "manipulation": "Xử lý",
    "manufacture": "Sản xuất",
    "destruction": "Tiêu hủy", "adjustment": "Điều chỉnh", "count": "Kiểm kê", "reconciliation": "Quyết toán", "stuff": "Đóng hàng",
    "strip": "Rút hàng",
}  # fmt: skip
_SIDES = {"": "", "input": "vào", "output": "ra", "scrap": "phế liệu", "sent": "đi", "received": "đến"}
_A = (
    "Số chứng từ", "Thời gian", "Nghiệp vụ", "Chiều", "Mã lô", "Mã hàng", "Tên hàng", "Mã HS", "Số lượng", "ĐVT", "Cả bì (kg)", "Tịnh (kg)",
    "Trị giá", "Nguyên tệ", "Xuất xứ", "Chế độ", "Chế độ mới", "Chủ hàng", "Chủ hàng mới", "Vị trí", "Vị trí mới", "Tờ khai", "Giấy phép",
    "Lệnh sản xuất", "Công việc", "Container", "Loại kiểm kê", "Tồn", "Diễn giải", "Ghi lúc", "Hủy",
)  # fmt: skip
_B = (
    "Entry", "Posted", "Transaction", "Side", "Lot", "Item", "Description", "HS code", "Qty", "UoM", "Gross kg", "Net kg", "Value",
    "Currency", "Origin", "Regime", "Owner", "Location", "New location", "Declaration", "Permit", "Work order", "Operation", "Container",
    "Count", "Remark", "Written", "Function",
)  # fmt: skip
_C = (
    "Number", "Effective", "Authorised", "Side", "Operator", "Lot", "Item", "Description", "HS", "Quantity", "Unit", "Gross", "Net",
    "Value", "Currency", "Origin", "Regime", "New regime", "Owner", "New owner", "Declaration", "Permit", "Process", "Container", "Issued",
)  # fmt: skip


def logistics(told: Sequence[Told]) -> bytes:
    """A file of Demo Zone Logistics."""
    return table(_A, (_a(*one) for one in told), ";").encode()


def garments(told: Sequence[Told]) -> bytes:
    """A file of Demo Zone Garments."""
    return workbook("Ledger", [_B, *(_b(*one) for one in told)])


def keepers(told: Sequence[Told]) -> bytes:
    """A file of what small keepers tell together."""
    return table((*_B, "Keeper"), ((*_b(*one), one[0].operator) for one in told), "|").encode()


def permits(told: Sequence[Told]) -> bytes:
    """A file of the customs office."""
    return table(_C, (_c(*one) for one in told)).encode()


def _a(line: Line, written: datetime, function: str) -> tuple[str, ...]:
    form = "%d/%m/%Y %H:%M"
    item, description, hs, uom, origin = _goods(line)
    return (
        *(line.number, _local(line.at, form), _ACTS[line.act], _SIDES[line.side], line.lot, item, description, hs),
        *(figure(line.quantity, 3, ","), uom, figure(line.gross, 3, ","), figure(line.net, 3, ","), *_worth(line, ","), origin),
        *(
            line.status,
            line.to_status,
            line.owner,
            line.to_owner,
            line.area,
            line.to_area,
            line.declaration,
            line.permit,
            line.process,
            line.operation,
        ),
        *(line.box, {"": "", "full": "toàn bộ", "cycle": "luân phiên"}[line.counted], figure(line.balance, 3, ","), line.remark),
        *(_local(written, form), "x" if function else ""),
    )


def _b(line: Line, written: datetime, function: str) -> tuple[str, ...]:
    form = "%Y-%m-%d %H:%M"
    item, description, hs, uom, origin = _goods(line)
    return (
        *(line.number, _local(line.at, form), line.act.upper(), line.side, line.lot, item, description, f"{hs[:4]}.{hs[4:]}" if hs else ""),
        *(figure(line.quantity, 3), uom, figure(line.gross, 3), figure(line.net, 3), *_worth(line), origin, line.status, line.owner),
        *(line.area, line.to_area, line.declaration, line.permit, line.process, line.operation, line.box, line.counted, line.remark),
        *(_local(written, form), function),
    )


def _c(line: Line, written: datetime, function: str) -> tuple[str, ...]:
    form = "%Y-%m-%d %H:%M"
    item, description, hs, uom, origin = _goods(line)
    return (
        *(f"HQ-{line.number}", _local(line.issued or line.at, form), line.act, line.side, line.operator, line.lot, item, description, hs),
        *(figure(line.quantity, 3), uom, figure(line.gross, 3), figure(line.net, 3), *_worth(line), origin, line.status, line.to_status),
        *(line.owner, line.to_owner, line.declaration, line.permit, line.process, line.box, _local(written, form)),
    )


def _goods(line: Line) -> tuple[str, str, str, str, str]:
    """(item, description, HS, unit, origin) as the line tells them."""
    of = line.article
    if of is None:
        return "", "", "", "", ""
    said = (line.description, line.hs, line.origin)
    description, hs, origin = (is_ if told is None else told for told, is_ in zip(said, (of.description, of.hs, of.origin), strict=True))
    return of.item, description, hs, of.uom if line.quantity is not None or line.balance is not None else "", origin


def _worth(line: Line, mark: str = ".") -> tuple[str, str]:
    return figure(line.value, 2, mark), "USD" if line.value is not None else ""


def figure(n: int | None, places: int, mark: str = ".") -> str:
    """So many thousandths, or hundredths, as decimal text; "" for none."""
    if n is None:
        return ""
    whole, part = divmod(abs(n), 10**places)
    digits = f"{part:0{places}}".rstrip("0")
    return f"{'-' if n < 0 else ''}{whole}{mark + digits if digits else ''}"


def _local(at: datetime, form: str) -> str:
    return at.astimezone(ZONE[PLACE]).strftime(form)


# A workbook ---------------------------------------------------------------------------------------------------------------

_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_NS = "http://schemas.openxmlformats.org"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_NS}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.'
    f'openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{_TYPES}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPES}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="rId1" Type="{_NS}/officeDocument/2006/'
    'relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_NS}/package/2006/relationships"><Relationship Id="rId1" Type="{_NS}/'
    'officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_NS}/spreadsheetml/2006/main" xmlns:r="{_NS}/officeDocument/2006/relationships"><sheets>'
    '<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
}


def workbook(name: str, rows: Sequence[Sequence[str]]) -> bytes:
    """One sheet of texts. The same rows give the same bytes."""
    cells = "".join(f"<row>{''.join(_cell(text) for text in row)}</row>" for row in rows)
    sheet = f'<worksheet xmlns="{_NS}/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for path, text in {**_PARTS, "xl/worksheets/sheet1.xml": sheet}.items():
            info = zipfile.ZipInfo(path)
            info.compress_type = zipfile.ZIP_DEFLATED
            whole = text.replace("{name}", name) if path == "xl/workbook.xml" else text
            book.writestr(info, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{whole}')
    return out.getvalue()


def _cell(text: str) -> str:
    return f'<c t="inlineStr"><is><t>{escape(text)}</t></is></c>'
