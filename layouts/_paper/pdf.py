"""A sheet as PDF on A4, with page numbers. Latin and Vietnamese in a font of our own (fonts/), Chinese in the viewer's own song type.

Chinese is not embedded: the standard font STSong-Light of PDF is named, and every viewer that shows Chinese has one like it.
"""

from __future__ import annotations

import io
from functools import cache, partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from layouts._paper import Section, Sheet

FONTS = Path(__file__).parent / "fonts"
MARGIN = 15 * mm
WIDTH = A4[0] - 2 * MARGIN - 12  # a frame keeps six points free on each side
_LINE = colors.HexColor("#b9bec5")


@cache
def _faces(language: str) -> tuple[str, str]:
    """(text, bold) for a language."""
    if language == "zh":
        pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
        return "STSong-Light", "STSong-Light"
    for name in ("DejaVuSans", "DejaVuSans-Bold"):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))
    return "DejaVuSans", "DejaVuSans-Bold"


def pdf(sheet: Sheet, language: str, page_of: str) -> bytes:
    """The sheet as a PDF file. `page_of` is the text of the page number, with {page}."""
    text, bold = _faces(language)
    wrap = {"wordWrap": "CJK"} if language == "zh" else {}
    styles = {
        "title": ParagraphStyle("title", fontName=bold, fontSize=15, leading=19, spaceAfter=3 * mm, **wrap),
        "heading": ParagraphStyle("heading", fontName=bold, fontSize=11, leading=14, spaceBefore=5 * mm, spaceAfter=1.5 * mm, **wrap),
        "text": ParagraphStyle("text", fontName=text, fontSize=9, leading=12, **wrap),
        "cell": ParagraphStyle("cell", fontName=text, fontSize=8, leading=10, **wrap),
        "head": ParagraphStyle("head", fontName=bold, fontSize=8, leading=10, **wrap),
    }
    story: list[Any] = [Paragraph(escape(sheet.title), styles["title"])]
    story += [Paragraph(escape(line), styles["text"]) for line in sheet.lines]
    for section in sheet.sections:
        story.append(Paragraph(escape(section.heading), styles["heading"]))
        story += [Paragraph(escape(line), styles["text"]) for line in section.lines]
        if section.rows:
            story += [Spacer(1, 1 * mm), _table(section, styles)]
    out = io.BytesIO()
    margins = {"leftMargin": MARGIN, "rightMargin": MARGIN, "topMargin": MARGIN, "bottomMargin": 18 * mm}
    document = SimpleDocTemplate(out, pagesize=A4, title=sheet.title, author="Zonewatch", invariant=1, **margins)
    footer = partial(_foot, foot=sheet.foot, font=text, page_of=page_of)
    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return out.getvalue()


def _table(section: Section, styles: dict[str, ParagraphStyle]) -> LongTable:
    shares = section.widths or [1] * len(section.columns)
    widths = [WIDTH * share / sum(shares) for share in shares]
    rows = [[Paragraph(escape(head), styles["head"]) for head in section.columns]]
    rows += [[Paragraph(escape(cell), styles["cell"]) for cell in row] for row in section.rows]
    lines = TableStyle(
        [
            ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ]
    )
    return LongTable(rows, colWidths=widths, repeatRows=1, style=lines, hAlign="LEFT")


def _foot(canvas: Any, document: Any, *, foot: str, font: str, page_of: str) -> None:
    canvas.saveState()
    canvas.setFont(font, 7.5)
    canvas.drawString(MARGIN, 10 * mm, foot[:160])
    canvas.drawRightString(A4[0] - MARGIN, 10 * mm, page_of.format(page=document.page))
    canvas.restoreState()
