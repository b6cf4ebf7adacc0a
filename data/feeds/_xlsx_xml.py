"""XML of strangers as a stream of beginnings, ends and texts: no document type, so no entities; no token without end.

Expat reads it (the standard library's binding), a piece at a time. A document type declaration, which no workbook has, is refused before
anything of it is taken: that is what every entity bomb and every outside reference needs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol
from xml.parsers import expat

PIECE = 1 << 18
TOKEN = 4 << 20  # bytes in which nothing begins or ends are no markup of a workbook (and cost the square of their length)


class BadXml(Exception):
    """The XML cannot be read; the message says why."""


class Readable(Protocol):
    """What is read from."""

    def read(self, size: int, /) -> bytes: ...


class Seen:
    """Takes what a part says: override what is wanted. Names come without their namespace."""

    def began(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def ended(self, name: str) -> None:
        """An element ends."""

    def told(self, text: str) -> None:
        """A piece of text."""


def parsed(source: Readable, seen: Seen, limit: int) -> Iterator[None]:
    """Feeds `seen`, and stops after each piece so that what it gathered can be taken. Raises BadXml."""
    quiet = read = 0
    names: dict[str, str] = {}

    def local(name: str) -> str:
        found = names.get(name)
        if found is None:
            found = name.rpartition(" ")[2]
            if len(names) < 1000:
                names[name] = found
        return found

    def begin(name: str, attributes: dict[str, str]) -> None:
        nonlocal quiet
        quiet = 0
        seen.began(local(name), attributes)

    def end(name: str) -> None:
        nonlocal quiet
        quiet = 0
        seen.ended(local(name))

    def told(text: str) -> None:
        nonlocal quiet
        quiet = 0
        seen.told(text)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = begin, end, told
    parser.StartDoctypeDeclHandler = _refused
    parser.EntityDeclHandler = _refused
    try:
        while piece := source.read(PIECE):
            read, quiet = read + len(piece), quiet + len(piece)
            if read > limit:
                raise BadXml(f"a part is longer than {limit} bytes")
            parser.Parse(piece, False)
            if quiet > TOKEN:
                raise BadXml("a part has no end of what it begins")
            yield
        parser.Parse(b"", True)
        yield
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise BadXml(f"not well-formed ({error})"[:100]) from error
    finally:
        _loosen(parser)


def read_whole(source: Readable, seen: Seen, limit: int) -> None:
    """The same for a part that is taken whole."""
    for _ in parsed(source, seen, limit):
        pass


def _refused(*_: object) -> None:
    raise BadXml("it declares a document type, which no workbook does")


def _loosen(parser: expat.XMLParserType) -> None:
    """The handlers hold the parser and it holds them: apart, memory is given back at once."""
    nothing: Callable[..., None] | None = None
    parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = nothing
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = nothing
