"""What a place requires of boxes beyond limits: which seals, and which dangerous goods must not stand together.

Both are for the authority of a port to say, so none is shipped: what is not declared is not asked for. The law of a place carries them
(`zones.limits.Law.required`), since a rule that leans on them is judged again when they change, as with a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Struct
from pydantic import Field, PlainValidator

from zones._declare import Form, Path, Text, nearest

_CLASS = re.compile(r"[1-9](\.[1-9][A-Z]?)?")
_NUMBERS = re.compile(r"\d+|\D+")


class Seals(Struct, frozen=True):
    """Who must have sealed what leaves under a transit permit (`transit`), and the kind of seal where customs calls the risk high.

    `told_by`: publishers whose reports always tell who put a seal on and of which kind, so that what they do not tell is not there.
    """

    transit: str = ""
    high_risk: str = ""
    told_by: tuple[str, ...] = ()


class Apart(Struct, frozen=True):
    """Boxes of these two classes must not stand in one area; or not in slots of which every number is within `slots` of the other's."""

    classes: tuple[str, str]
    slots: int | None = None

    def concerns(self, one: str, other: str) -> bool:
        """Whether it is about boxes of these classes, in whichever order."""
        first, second = self.classes
        return (within(one, first) and within(other, second)) or (within(one, second) and within(other, first))

    def broken(self, area: str, other: str) -> bool:
        """Whether boxes at these areas or slots stand together."""
        if not area or not other:
            return False
        return area == other if self.slots is None else _near(area, other, self.slots)


class Required(Struct, frozen=True):
    """All that a place requires."""

    seals: Seals | None = None
    segregation: tuple[Apart, ...] = ()


NOTHING = Required()


def within(told: str, declared: str) -> bool:
    """Whether an IMDG class is the declared one or a division of it: 1.4S is within 1.4 and within 1, 3 is not within 3.1."""
    return told == declared or (
        told.startswith(declared) and (told[len(declared)] == "." or (told[-1].isalpha() and told[:-1] == declared))
    )


def _near(slot: str, other: str, most: int) -> bool:
    """Whether two slots are written alike and each of their numbers is at most so far from the other's."""
    one, two = _NUMBERS.findall(slot.upper()), _NUMBERS.findall(other.upper())
    if len(one) != len(two):
        return False
    return all(abs(int(a) - int(b)) <= most if a.isdecimal() and b.isdecimal() else a == b for a, b in zip(one, two, strict=True))


def _class(value: object) -> str:
    text = str(value).strip().upper()
    if not _CLASS.fullmatch(text):
        raise ValueError(f"{value!r} is not a class of the IMDG Code, as 3, 2.1 or 1.4S")
    return text


Class = Annotated[str, PlainValidator(_class)]


class SealsForm(Form):
    """`seals` of place.yaml."""

    transit: Literal["customs"] | None = None
    high_risk: Literal["electronic"] | None = None
    told_by: tuple[Text, ...] = ()


class ApartForm(Form):
    """A line of `segregation` of place.yaml."""

    classes: tuple[Class, ...]
    apart: Literal["area", "slots"]
    slots: Annotated[int, Field(ge=0, strict=True)] | None = None


def faults(seals: SealsForm | None, segregation: tuple[ApartForm, ...], publishers: list[str]) -> Iterator[tuple[Path, str]]:
    """What one field cannot know of another: (where, message)."""
    if seals is not None and not (seals.transit or seals.high_risk):
        yield ("seals",), "neither transit nor high_risk: no seal is asked for"
    for i, publisher in enumerate(seals.told_by if seals else ()):
        if publisher not in publishers:
            yield ("seals", "told_by", i), f"no feed of this place has the publisher {publisher!r}{nearest(publisher, publishers)}"
    for i, each in enumerate(segregation):
        if len(each.classes) != 2:
            yield ("segregation", i, "classes"), f"two classes are needed (given: {len(each.classes)})"
        if (each.apart == "slots") != (each.slots is not None):
            yield ("segregation", i, "slots"), "apart: slots needs slots, how far apart their numbers must be, and apart: area none"
        if any({*each.classes} == {*before.classes} and each.apart == before.apart for before in segregation[:i]):
            yield ("segregation", i, "classes"), f"{' and '.join(each.classes)} are given twice"


def required(seals: SealsForm | None, segregation: tuple[ApartForm, ...]) -> Required:
    """As the rules need it."""
    asked = Seals(seals.transit or "", seals.high_risk or "", seals.told_by) if seals else None
    return Required(asked, tuple(Apart((each.classes[0], each.classes[1]), each.slots) for each in segregation))
