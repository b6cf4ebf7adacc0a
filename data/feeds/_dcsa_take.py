"""Taking the fields of a JSON object one by one: what is not taken is named by its dotted path.

Names are compared without regard to capitals: `unLocationCode`, `eventId` and `transportCallId` are met in practice. Numbers keep their
text, so a big one or 1e400 is no fault by itself. A name that occurs twice in an object is a fault: nobody can say which value counts.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from data.feeds import Leftover
from data.feeds._lines import excerpt

LONG = 400  # characters of what things are known by: ids and documents' numbers
_DEEP = 12  # steps of a path; what lies deeper is one example
_NAMES = 500  # different paths of a message that are named one by one
ODD = re.compile(rb"\\u(?:0000|[dD][89abAB][0-9a-fA-F]{2}|[dD][c-fC-F][0-9a-fA-F]{2})")

REASONS: dict[str, str] = {
    "odd_text": "The event has what is no text ({detail}).",
    "double_key": "A field occurs twice: {detail}.",
    "no_event": "This is not an event of Track & Trace: {detail}.",
    "no_classifier": "The event does not say whether it happened, is planned or expected.",
    "no_event_code": "The event does not say what happened.",
    "other_means": "Loaded or discharged by other means than a ship: {detail}.",
    "told_before": "Told before it happened: {detail}.",
    "same_id": "Two different events have this id: {detail}.",
    "is_other": "This is not JSON: it looks like {detail}.",
}

Left = list[tuple[str, str]]


class Bad(Exception):
    """The text is no sound event: (reason, detail)."""


class Number(str):
    """A JSON number, as written."""

    __slots__ = ()


def loads(raw: bytes) -> Any:
    """A JSON value, numbers as their text. Raises Bad."""
    try:
        value = _JSON.decode(raw.decode())
        if ODD.search(raw):
            _texts(value)
    except UnicodeDecodeError as error:
        raise Bad("odd_text", f"byte 0x{raw[error.start]:02X}") from error
    except UnicodeEncodeError as error:
        raise Bad("odd_text", "half a character") from error
    except RecursionError as error:
        raise Bad("bad_json", "nested too deeply") from error
    except ValueError as error:
        raise Bad("bad_json", str(error)) from error
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Bad("double_key", next(name for name, n in Counter(name for name, _ in pairs).items() if n > 1)[:80])
    return found


def _constant(name: str) -> None:
    raise Bad("bad_json", name)


_JSON = json.JSONDecoder(object_pairs_hook=_object, parse_float=Number, parse_int=Number, parse_constant=_constant)


def _texts(value: Any) -> None:
    """Raises Bad where a text has what no database keeps."""
    if isinstance(value, str):
        value.encode()
        if "\0" in value:
            raise Bad("odd_text", "NUL")
    elif isinstance(value, dict):
        for name, each in value.items():
            _texts(name)
            _texts(each)
    elif isinstance(value, list):
        for each in value:
            _texts(each)


class Taker:
    """The fields of an object; `rest` names those that nobody took."""

    __slots__ = ("data", "left", "names", "path")

    def __init__(self, data: dict[str, Any], path: str, left: Left) -> None:
        self.data, self.path, self.left = data, path, left
        self.names: dict[str, str] = {}
        for name in data:
            self.names.setdefault(name.lower(), name)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.names

    def pop(self, name: str, kind: type) -> Any:
        """The value of that name if it is of that kind; None else."""
        key = self.names.get(name.lower())
        if key is None or not isinstance(self.data[key], kind):
            return None
        del self.names[name.lower()]
        return self.data.pop(key)

    def text(self, *names: str) -> str:
        """The first of these that says something, stripped. The others are left."""
        for name in names:
            found = self.pop(name, str)
            if found is None:
                self.pop(name, type(None))
            else:
                stripped: str = found.strip()
                if stripped:
                    return stripped
        return ""

    def true(self, name: str) -> bool:
        """Whether a flag is set."""
        return self.pop(name, bool) is True

    def inner(self, name: str) -> Taker | None:
        """An object in it."""
        found = self.pop(name, dict)
        return None if found is None else Taker(found, f"{self.path}{name}.", self.left)

    def inners(self, name: str) -> Iterator[Taker]:
        """The objects of an array in it (one object is as good as an array of one); what else is in it is left."""
        found = self.pop(name, list)
        if found is None:
            one = self.pop(name, dict)
            found = [] if one is None else [one]
        for each in found:
            if isinstance(each, dict):
                yield Taker(each, f"{self.path}{name}.", self.left)
            else:
                leaves(f"{self.path}{name}", each, self.left)

    def texts(self, name: str) -> list[str]:
        """The texts of an array in it, or the one text."""
        found = self.pop(name, list)
        if found is None:
            one = self.text(name)
            return [one] if one else []
        for each in found:
            if not isinstance(each, str):
                leaves(f"{self.path}{name}", each, self.left)
        return [each.strip() for each in found if isinstance(each, str) and each.strip()]

    def rest(self) -> None:
        """Name what was not taken."""
        for name, value in self.data.items():
            leaves(f"{self.path}{name}", value, self.left)


def leaves(path: str, value: Any, left: Left) -> None:
    """Every value in it, by its path."""
    if isinstance(value, dict) and value and path.count(".") < _DEEP:
        for name, each in value.items():
            leaves(f"{path}.{name}", each, left)
    elif isinstance(value, list) and value and path.count(".") < _DEEP:
        for each in value:
            leaves(path, each, left)
    else:
        left.append((path, value if isinstance(value, str) else json.dumps(value)[:LONG]))


class Counted:
    """Leftovers of a message, by name."""

    def __init__(self) -> None:
        self.found: dict[str, list[Any]] = {}

    def add(self, path: str, example: str = "", count: int = 1) -> None:
        """Count a field that is left."""
        known = self.found.get(path)
        if known is None and len(self.found) >= _NAMES:
            path = "(further fields)"
            known = self.found.get(path)
        if known is None:
            self.found[path] = [count, example]
        else:
            known[0] += count

    def all(self) -> Iterator[Leftover]:
        """What was counted, under names that can be shown and kept; long ones may come out the same, and are one then."""
        shown: dict[str, Leftover] = {}
        for path, (count, example) in self.found.items():
            name = excerpt(path).strip() or "(no name)"
            known = shown.get(name)
            before = known.count if known else 0
            shown[name] = Leftover(name=name, count=count + before, example=known.example if known else excerpt(str(example)))
        yield from shown.values()
