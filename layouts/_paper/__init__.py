"""What is printed: plain sections of lines and tables, as a page shows them and as an A4 PDF (pdf.py). No callback, no request.

A sheet is made of the same values as the page it belongs to; a signed one is therefore the same on both for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with lines of text, and a table where there is one: `columns` are its heads, each row as many texts."""

    heading: str
    lines: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    widths: Sequence[int] = ()  # of the columns, in proportion; empty: all alike
    figures: int = 0  # so many columns at the end hold figures: they stand at the right
    sums: Sequence[int] = ()  # the rows that sum others up


@dataclass(frozen=True, slots=True)
class Sheet:
    """A document: its title, what stands beneath it, its sections, what stands at the foot of every page."""

    title: str
    lines: Sequence[str] = ()
    sections: Sequence[Section] = field(default_factory=tuple)
    foot: str = ""
    wide: bool = False  # printed on the long side
