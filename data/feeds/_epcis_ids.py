"""What GS1 calls a thing, by whatever name: EPC URIs, patterns and classes of them, and Digital Links, as one canonical Digital Link.

Sources: GS1 EPC Tag Data Standard (URN forms), GS1 Digital Link URI syntax 1.2, section 4.11 (canonical form), CBV 2.0, section 8.9 (only
the finest level of identification counts). Shown to people as GS1 prints it under a barcode: (01)04012345111118(21)9876.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from msgspec import Struct

DOMAIN = "https://id.gs1.org"
_URN = re.compile(r"urn:epc:(id|class|idpat):([a-z]+):([^?#\s]+)")
_SHORT = {
    "gtin": "01", "itip": "8006", "cpid": "8010", "gln": "414", "party": "417", "gsrnp": "8017", "gsrn": "8018", "gcn": "255", "sscc": "00",
    "gdti": "253", "ginc": "401", "gsin": "402", "grai": "8003", "giai": "8004", "lot": "10", "ser": "21", "cpv": "22", "glnx": "254",
    "cpsn": "8011", "tpx": "235",
}  # fmt: skip
_TEXT = r"(?:[\"'\-.0-9;<=>?A-Z_a-z]|%[0-9A-Fa-f]{2})"
_KEYS = {  # the value of a key, and what may stand behind it, the finest first
    "00": (r"\d{18}", ()), "01": (r"\d{8}|\d{12,14}", ("21", "235", "10")), "253": (rf"\d{{13}}{_TEXT}{{0,17}}", ()),
    "255": (r"\d{13}\d{0,12}", ()), "401": (rf"\d{{4}}{_TEXT}{{0,26}}", ()), "402": (r"\d{17}", ()), "414": (r"\d{13}", ("254",)),
    "417": (r"\d{13}", ()), "8003": (rf"\d{{14}}{_TEXT}{{0,16}}", ()), "8004": (rf"\d{{4}}{_TEXT}{{0,26}}", ()),
    "8006": (r"\d{18}", ("21", "10")), "8010": (r"\d{4}(?:[#\-/0-9A-Z]|%23|%2[dfDF]){0,26}", ("8011",)), "8017": (r"\d{18}", ()),
    "8018": (r"\d{18}", ()),
}  # fmt: skip
_VALUES = {key: re.compile(form) for key, (form, _) in _KEYS.items()}
_QUALIFIER = re.compile(rf"{_TEXT}{{1,28}}")
_ESCAPED = str.maketrans({sign: f"%{ord(sign):02X}" for sign in "!()*+,:"})
# scheme: the key, digits of company prefix and reference together, and how the rest is written
_GTIN, _PLAIN = "gtin", "plain"
_SCHEMES = {
    "sgtin": ("01", 13, _GTIN, "21"), "lgtin": ("01", 13, _GTIN, "10"), "upui": ("01", 13, _GTIN, "235"), "sscc": ("00", 17, _GTIN, ""),
    "sgln": ("414", 12, _PLAIN, "254"), "grai": ("8003", 12, _PLAIN, "+"), "gdti": ("253", 12, _PLAIN, "+"),
    "sgcn": ("255", 12, _PLAIN, "+"), "pgln": ("417", 12, _PLAIN, ""), "gsrn": ("8018", 17, _PLAIN, ""), "gsrnp": ("8017", 17, _PLAIN, ""),
    "gsin": ("402", 16, _PLAIN, ""),
}  # fmt: skip
_FREE = {"giai": "8004", "ginc": "401"}


class Gs1(Struct, frozen=True, gc=False):
    """A canonical Digital Link in its parts: key and value, and the qualifier and its value, "" where there is none."""

    key: str
    value: str
    qualifier: str = ""
    told: str = ""

    @property
    def link(self) -> str:
        """As CBV hashes it."""
        return f"{DOMAIN}/{self.key}/{self.value}" + (f"/{self.qualifier}/{self.told}" if self.qualifier else "")

    @property
    def shown(self) -> str:
        """As it is printed under a barcode."""
        return f"({self.key}){unquote(self.value)}" + (f"({self.qualifier}){unquote(self.told)}" if self.qualifier else "")


def check_digit(digits: str) -> str:
    """The last digit of a GS1 key: weights 3 and 1 from the right (GS1 General Specifications, 7.9)."""
    return str(-sum(int(digit) * (3 if n % 2 == 0 else 1) for n, digit in enumerate(reversed(digits))) % 10)


@lru_cache(maxsize=4_096)
def gs1(uri: str) -> Gs1 | None:
    """What a URI says in GS1's terms; None for one that is none of theirs, or breaks their form."""
    if uri.startswith("urn:epc:"):
        found = _URN.fullmatch(uri)
        return _of_urn(*found.groups()) if found else None
    return _of_link(uri) if uri.startswith(("https://", "http://")) else None


def canonical(uri: str) -> str:
    """The constrained canonical Digital Link of a GS1 key; any other text as it is."""
    found = gs1(uri)
    return uri if found is None else found.link


def shown(uri: str) -> str:
    """An identifier as people read it: GS1's as under a barcode, a container's number (BIC) plain, any other as it is."""
    found = gs1(uri)
    return found.shown if found else uri.removeprefix("urn:epc:id:bic:")


def goods(uri: str, *, qualified: bool) -> tuple[str, str]:
    """(item, lot): the class of the goods, and the lot number where there is one, else what it is called.

    `qualified`: the class goes with the lot number, for an operator whose lot numbers are unique within a product only.
    """
    found = gs1(uri)
    if found is None:
        return shown(uri), shown(uri)
    own = found.value if found.key == "01" else f"({found.key}){unquote(found.value)}"
    if found.qualifier == "10" and not qualified:
        return own, unquote(found.told)
    return own, found.shown


def code(uri: str) -> str:
    """The codes by which a message names a place, the most specific first: a GLN with its extension, the GLN; else the URI."""
    found = gs1(uri)
    if found is None or found.key not in ("414", "417"):
        return "".join(uri.split())
    return f"{found.value}:{unquote(found.told)} {found.value}".replace("  ", " ") if found.qualifier else found.value


def _digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _of_urn(kind: str, scheme: str, rest: str) -> Gs1 | None:
    parts = rest.split(".")
    pattern = kind == "idpat"
    if pattern:
        if len(parts) < 3 or parts[-1] != "*":
            return None
        parts = parts[:-1]
    if len(parts) < 2 or not _digits(parts[0]) or not 6 <= len(parts[0]) <= 12:
        return None
    prefix, reference, more = parts[0], parts[1], ".".join(parts[2:])
    if scheme in _FREE and not pattern:
        return _valid(Gs1(_FREE[scheme], (prefix + ".".join(parts[1:])).translate(_ESCAPED)))
    if scheme == "cpi":
        serial = parts[-1] if not pattern else ""
        own = ".".join(parts[1:-1]) if not pattern else ".".join(parts[1:])
        return _valid(Gs1("8010", (prefix + own).translate(_ESCAPED), "8011" if serial else "", serial))
    if scheme == "itip":
        return _itip(prefix, reference, parts[2:], pattern)
    if scheme not in _SCHEMES:
        return None
    key, length, how, behind = _SCHEMES[scheme]
    if len(prefix) + len(reference) != length or not _digits(prefix + reference):
        return None
    digits = reference[0] + prefix + reference[1:] if how == _GTIN else prefix + reference
    number = digits + check_digit(digits)
    if scheme == "grai":
        number = "0" + number
    if behind == "+":
        return _valid(Gs1(key, number + ("" if pattern else more.translate(_ESCAPED))))
    if behind == "254" and more == "0":
        more = ""
    if more and not behind:
        return None
    return _valid(Gs1(key, number, behind if more else "", more.translate(_ESCAPED)))


def _itip(prefix: str, reference: str, rest: list[str], pattern: bool) -> Gs1 | None:
    if len(prefix) + len(reference) != 13 or len(rest) < 2 or not _digits(prefix + reference + rest[0] + rest[1]):
        return None
    digits = reference[0] + prefix + reference[1:]
    serial = "" if pattern else ".".join(rest[2:])
    return _valid(Gs1("8006", digits + check_digit(digits) + rest[0] + rest[1], "21" if serial else "", serial.translate(_ESCAPED)))


def _of_link(uri: str) -> Gs1 | None:
    path = uri.split("?", 1)[0].split("#", 1)[0].rstrip("/").split("/")[3:]
    path = [_SHORT.get(each, each) if n + 1 < len(path) else each for n, each in enumerate(path)]
    for n, key in enumerate(path[:-1]):
        if key in _KEYS and _VALUES[key].fullmatch(path[n + 1]):
            value = path[n + 1].zfill(14) if key == "01" else path[n + 1]
            told = dict(zip(path[n + 2 :: 2], path[n + 3 :: 2], strict=False))
            finest = next((each for each in _KEYS[key][1] if each in told), "")
            return _valid(Gs1(key, value, finest, told.get(finest, "")))
    return None


def _valid(found: Gs1) -> Gs1 | None:
    """Only what has the form of its key."""
    if not _VALUES[found.key].fullmatch(found.value) or (found.qualifier and not _QUALIFIER.fullmatch(found.told)):
        return None
    return found
