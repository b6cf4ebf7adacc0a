"""A sheet as PDF on A4, with page numbers. Latin and Vietnamese in a font of our own (fonts/), Chinese in the viewer's own song type.

Chinese is not embedded: the standard font STSong-Light of PDF is named, and every viewer that shows Chinese has one like it.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from layouts._paper import Section, Sheet

FONTS = Path(__file__).parent / "fonts"
MARGIN = 15 * mm
FRAME = 12  # a frame keeps six points free on each side
_LINE, _STRONG = colors.HexColor("#b9bec5"), colors.HexColor("#5b6470")
_HAN = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+")
_ACCENTED = re.compile(r"[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]+")


@cache
def _faces(language: str) -> tuple[str, str]:
    """(text, bold) for a language."""
    if language == "zh":
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        return "STSong-Light", "STSong-Light"
    for name in ("DejaVuSans", "DejaVuSans-Bold"):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    return "DejaVuSans", "DejaVuSans-Bold"


def _marked(text: str, *, other: str, letters: re.Pattern[str]) -> str:
    """A text as reportlab wants it, with what the language's own type has no letters for (a name from elsewhere) in the other one."""
    return letters.sub(lambda run: f'<font name="{other}">{run[0]}</font>', escape(text))


def pdf(sheet: Sheet, language: str, page_of: str) -> bytes:
    """The sheet as a PDF file. `page_of` is the text of the page number, with {page}."""
    text, bold = _faces(language)
    marked = partial(_marked, other=_faces("en" if language == "zh" else "zh")[0], letters=_ACCENTED if language == "zh" else _HAN)
    wrap = {"wordWrap": "CJK"} if language == "zh" else {}
    styles = {
        "title": ParagraphStyle("title", fontName=bold, fontSize=15, leading=19, spaceAfter=3 * mm, **wrap),
        "heading": ParagraphStyle("heading", fontName=bold, fontSize=11, leading=14, spaceBefore=5 * mm, spaceAfter=1.5 * mm, **wrap),
        "text": ParagraphStyle("text", fontName=text, fontSize=9, leading=12, **wrap),
        "cell": ParagraphStyle("cell", fontName=text, fontSize=8, leading=10, **wrap),
        "head": ParagraphStyle("head", fontName=bold, fontSize=8, leading=10, **wrap),
    }
    for name in ("cell", "head"):
        styles[f"{name}_figure"] = ParagraphStyle(f"{name}_figure", parent=styles[name], alignment=TA_RIGHT)
    size = landscape(A4) if sheet.wide else A4
    width = size[0] - 2 * MARGIN - FRAME
    story: list[Any] = [Paragraph(marked(sheet.title), styles["title"])]
    story += [Paragraph(marked(line), styles["text"]) for line in sheet.lines]
    for section in sheet.sections:
        story.append(Paragraph(marked(section.heading), styles["heading"]))
        story += [Paragraph(marked(line), styles["text"]) for line in section.lines]
        if section.rows:
            story += [Spacer(1, 1 * mm), _table(section, styles, width, marked)]
    out = io.BytesIO()
    margins = {"leftMargin": MARGIN, "rightMargin": MARGIN, "topMargin": MARGIN, "bottomMargin": 18 * mm}
    document = SimpleDocTemplate(out, pagesize=size, title=sheet.title, author="Zonewatch", invariant=1, **margins)
    footer = partial(_foot, foot=sheet.foot, font=text, page_of=page_of)
    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return out.getvalue()


def _table(section: Section, styles: dict[str, ParagraphStyle], width: float, marked: Callable[[str], str]) -> LongTable:
    shares = section.widths or [1] * len(section.columns)
    widths = [width * share / sum(shares) for share in shares]
    rows = [_row(section, section.columns, "head", styles, marked)]
    rows += [_row(section, row, "head" if n in section.sums else "cell", styles, marked) for n, row in enumerate(section.rows)]
    lines = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
            *(("LINEABOVE", (0, n + 1), (-1, n + 1), 0.9, _STRONG) for n in section.sums if n - 1 not in section.sums),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return LongTable(rows, colWidths=widths, repeatRows=1, style=lines, hAlign="LEFT")


def _row(
    section: Section, cells: Sequence[str], style: str, styles: dict[str, ParagraphStyle], marked: Callable[[str], str]
) -> list[Paragraph]:
    first = len(section.columns) - section.figures
    return [Paragraph(marked(cell), styles[style if n < first else f"{style}_figure"]) for n, cell in enumerate(cells)]


def _foot(canvas: Any, document: Any, *, foot: str, font: str, page_of: str) -> None:
    canvas.saveState()
    canvas.setFont(font, 7.5)
    canvas.drawString(MARGIN, 10 * mm, foot[:160])
    canvas.drawRightString(document.pagesize[0] - MARGIN, 10 * mm, page_of.format(page=document.page))
    canvas.restoreState()
