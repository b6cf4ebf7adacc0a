"""The words and numbers of the trade: the event vocabulary, ISO 6346 container numbers, size/type to TEU.

The vocabulary is one stable list; every reader maps its own codes onto it. Container numbers follow ISO 6346: three letters of the owner,
the equipment category (U freight container, J detachable equipment, Z trailer or chassis), six digits, one check digit. The check
digit: letters count 10 upwards leaving out the multiples of 11 (A=10, B=12 ... Z=38), position i weighs 2**i, the sum modulo 11,
and a remainder of 10 is written 0.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

EVENTS = (
    "gate_in", "gate_out", "discharge", "load", "present", "yard_move", "stuff", "strip",
    "inspect", "seal", "reseal", "unseal", "arrive", "depart", "other",
)  # fmt: skip
CLASSIFIERS = ("actual", "estimated", "planned", "requested")
MODES = ("truck", "rail", "barge", "vessel", "unknown")
DIRECTIONS = ("import", "export", "transshipment", "storage", "unknown")
FULL_EMPTY = ("full", "empty", "unknown")
PRECISIONS = ("second", "minute", "day")

KINDS = ("gate", "quay", "yard", "customs", "plans", "devices", "ledger")
"""The kinds a feed can speak for. `customs` is of customs facts, `plans` of what is announced, ordered and declared, `devices` of signals,
`ledger` of lines of a goods ledger; no event has them."""

KIND_OF: Mapping[str, str] = MappingProxyType(
    {
        "gate_in": "gate", "gate_out": "gate",
        "discharge": "quay", "load": "quay",
        "present": "yard", "yard_move": "yard", "stuff": "yard", "strip": "yard",
        # No kind: nobody is declared to speak for these, so publishers rank by the order of their feeds alone.
        "inspect": "", "seal": "", "reseal": "", "unseal": "", "arrive": "", "depart": "", "other": "",
    }
)  # fmt: skip

_NUMBER = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")
_PAINTED = str.maketrans("", "", "-.\u00b7")  # 15C-123.45, \u7ca4B\u00b712345
_FIRST_TEN = re.compile(r"[A-Z]{4}[0-9]{6}")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_VALUE = {str(digit): digit for digit in range(10)} | {
    letter: value for letter, value in zip(_LETTERS, (n for n in range(10, 39) if n % 11), strict=True)
}
_AS_LETTER = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}
_AS_DIGIT = {letter: digit for digit, letter in _AS_LETTER.items()} | {"Q": "0", "D": "0", "L": "1"}

# First character of the size/type code is the length. ISO 6346 lengths L (45 ft) and M (48 ft) are counted as 2 or as 2.25 TEU
# depending on who counts; 2.25 here. Lengths for which no count is agreed are 0: shown as unknown, never guessed.
_TEU = {"2": 100, "4": 200, "L": 225, "M": 225}


def normal(text: str) -> str:
    """The code in capitals without anything but A-Z and 0-9: "zzdu 483921-1" is ZZDU4839211."""
    return "".join(c for c in text.upper() if c.isascii() and c.isalnum())


def document(text: str) -> str:
    """The number of a bill, booking or declaration as all sources' are compared: in capitals, without blanks. Other signs are its own."""
    return "".join(text.split()).upper() if text else text


def plate(text: str) -> str:
    """A vehicle's plate as all sources' are compared: as `document`, and without the dashes and dots that are painted or left out."""
    return document(text.translate(_PAINTED)) if text else text


def check_digit(first10: str) -> int:
    """The check digit of four letters and six digits (already normal). Errors: ValueError if it is anything else."""
    if not _FIRST_TEN.fullmatch(first10):
        raise ValueError(f"not four letters and six digits: {first10!r}")
    return sum(_VALUE[c] << i for i, c in enumerate(first10)) % 11 % 10


def is_valid(number: str) -> bool:
    """Whether a normal number has the form of ISO 6346 and the right check digit.

    The standard makes the check digit compulsory for category U and recommends it for J and Z; here all three need it. A box whose
    number is not valid is kept and followed all the same, and shown as such.
    """
    return _NUMBER.fullmatch(number) is not None and check_digit(number[:10]) == int(number[10])


def given_check_digit(number: str) -> int | None:
    """The check digit that a number of the form of ISO 6346 ought to have; None where it has not even the form."""
    return check_digit(number[:10]) if _NUMBER.fullmatch(number) else None


def same_kind(one: str, other: str) -> bool:
    """Whether two size/type codes may be of one box; True where either is not told.

    Compared are length, height and type group, so that 22G1 and the group code 22GP are one kind. Of the codes of 1984 (four digits, other
    heights and types) and of what is no such code only the length is compared.
    """
    if not one or not other:
        return True
    if len(one) == len(other) == 4 and one[2].isalpha() and other[2].isalpha():
        return one[:3] == other[:3]
    return one[0] == other[0]


def is_reefer(size_type: str) -> bool:
    """Whether a size/type code is of a box that cools: type R of ISO 6346 (45R1), types 30 to 32 of its codes of 1984 (4532)."""
    return size_type[2:3].upper() == "R" or (len(size_type) == 4 and size_type[2:] in ("30", "31", "32"))


def same_seal(one: str, other: str) -> bool:
    """Whether two tellings may be of one seal: signs and case aside, or its digits where one of them leaves its letters out."""
    first, second = normal(one), normal(other)
    if first == second:
        return True
    digits = ["".join(c for c in seal if c.isdigit()) for seal in (first, second)]
    return digits[0] == digits[1] != "" and (first.isdigit() or second.isdigit())


def spaced(number: str) -> str:
    """As painted on the box: "ZZDU4839211" -> "ZZDU 483921 1". A number of another length is given back as it is."""
    return f"{number[:4]} {number[4:10]} {number[10]}" if len(number) == 11 else number


def teu(size_type: str) -> int:
    """Hundredths of TEU of a size/type code (ISO 6346: 22G1, 45R1, L5G1); 0 if unknown."""
    return _TEU.get(size_type[:1].upper(), 0)


def nearest_valid(number: str) -> str | None:
    """The one valid number a single slip away, or None if there is none or more than one.

    Slips: a letter where a digit belongs or the other way round (O and 0, I and 1 ...), any number of them; two neighbours exchanged; a
    missing check digit. A wrong digit alone could be any of ten, so it is never mended. For people to look at, never to store.
    """
    given = normal(number)
    if is_valid(given):
        return given
    found = {candidate for candidate in _slips(given) if is_valid(candidate)}
    return found.pop() if len(found) == 1 else None


def _slips(given: str) -> Iterator[str]:
    if _FIRST_TEN.fullmatch(given):
        yield given + str(check_digit(given))
    if len(given) != 11:
        return
    yield "".join(_AS_LETTER.get(c, c) if i < 4 else _AS_DIGIT.get(c, c) for i, c in enumerate(given))
    for i in range(10):
        yield given[:i] + given[i + 1] + given[i] + given[i + 2 :]
