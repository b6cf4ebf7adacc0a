"""From the text of a declaration to a checked form, with the file, the line and the field of every mistake.

Declarations are YAML, read more plainly than YAML 1.1 does: `no` and `on` are words, 06:00 is a text, dates stay texts until a field asks
for a date, a key given twice is a mistake. Forms (pydantic models) say what may be written; mistakes are gathered, never thrown one by one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Generic, TypeVar, get_args
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError, model_validator
from pydantic_core import ErrorDetails
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from zones.calendar import Duration, midnight
from zones.measure import Value, any_value

Path = tuple[str | int, ...]
"""Where in a file: ("feeds", 0, "every")."""


@dataclass(frozen=True, slots=True, order=True)
class BadDeclaration:
    """One mistake in a declaration. `line` counts from 1; 0 where no line can be named."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field + ': ' if self.field else ''}{self.message}"


class BadDeclarations(ValueError):
    """All mistakes of all files, in `faults`."""

    def __init__(self, faults: Iterable[BadDeclaration]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(str, self.faults)))


class Form(BaseModel):
    """What may be written: nothing beyond its fields. A field left empty is a field not given."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True, str_strip_whitespace=True)

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        known = {field.alias or name for name, field in cls.model_fields.items()}
        return {key: value for key, value in data.items() if value is not None or key not in known}


F = TypeVar("F", bound=Form)


@dataclass(slots=True)
class Written(Generic[F]):
    """One file as read: the plain data, the form if it could be filled in, the mistakes, and where things stand."""

    file: str
    text: str
    data: Any = None
    form: F | None = None
    faults: list[BadDeclaration] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Path) -> int:
        """The line of a field, else of the nearest thing around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path, message: str) -> None:
        """Note a mistake."""
        self.faults.append(BadDeclaration(self.file, self.line(path), spelled(path), message))


def read(file: str, text: str, form: type[F]) -> Written[F]:
    """Read and check one YAML text. Never raises: mistakes are in `faults`."""
    written: Written[F] = Written(file, text)
    try:
        node = yaml.compose(text, Loader=_Plain)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or getattr(error, "reason", None) or "cannot be read"
        written.faults.append(BadDeclaration(file, mark.line + 1 if mark else 0, "", f"not YAML: {problem}"))
        return written
    written.data = _plain(node, (), written, ()) if node else None
    if not isinstance(written.data, dict):
        written.fault((), "nothing is declared here")
        return written
    check(written, form, written.data)
    return written


def check(written: Written[F], form: type[F], data: Any, under: Path = ()) -> None:
    """Fill in the form from plain data standing at `under`, noting every mistake."""
    try:
        written.form = form.model_validate(data)
    except ValidationError as error:
        for one in error.errors():
            path: Path = under + tuple(one["loc"])
            written.fault(path, _in_words(one, form))


def spelled(path: Path) -> str:
    """("feeds", 0, "every") as feeds[0].every"""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def neighbour(file: str, name: str) -> str:
    """The path of what lies under that name in the folder of a file."""
    return file[: max(file.rfind("/"), file.rfind("\\")) + 1] + name


def nearest(word: str, known: Iterable[str]) -> str:
    """ "; did you mean 'x'?" for a word that is not known, or what is known."""
    names = sorted(known)
    close = difflib.get_close_matches(word, names, 1, 0.6)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(names) or 'none'}"


# ------------------------------------------------------------- reading YAML


class _Plain(yaml.SafeLoader):
    """YAML with the words of 1.2's core: true and false, decimal numbers without leading zeros, null."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012  (PyYAML's own way)


for _tag, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
    ("float", r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?", "-+0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _Plain.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(rf"(?:{_pattern})\Z"), list(_first))


def _plain(node: Node, path: Path, written: Written[Any], around: tuple[int, ...]) -> Any:
    written.lines.setdefault(path, node.start_mark.line + 1)
    if id(node) in around:
        written.fault(path, "refers to itself")
        return None
    inner = (*around, id(node))
    if isinstance(node, MappingNode):
        return _mapping(node, path, written, inner)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, i), written, inner) for i, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(node: MappingNode, path: Path, written: Written[Any], around: tuple[int, ...]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            written.faults.append(BadDeclaration(written.file, key.start_mark.line + 1, spelled(path), "a key must be a word"))
            continue
        name = str(key.value)
        if name in found:
            written.faults.append(BadDeclaration(written.file, key.start_mark.line + 1, spelled((*path, name)), "given twice"))
            continue
        written.lines[(*path, name)] = key.start_mark.line + 1
        found[name] = _plain(value, (*path, name), written, around)
    return found


def _scalar(node: Node) -> Any:
    match node.tag.rpartition(":")[2]:
        case "bool":
            return node.value.lower() == "true"
        case "int":
            return int(node.value)
        case "float":
            return float(node.value)
        case "null":
            return None
        case _:
            return str(node.value)


# ------------------------------------------------------------- mistakes in words


_NEEDED = {
    "tuple_type": "a list is needed",
    "dict_type": "fields are needed, key: value",
    "model_type": "fields are needed, key: value",
    "int_type": "a whole number is needed",
    "int_parsing": "a whole number is needed",
    "string_type": "a text is needed",
    "string_too_short": "must not be empty",
    "greater_than_equal": "must not be below nought",
}


def _in_words(error: ErrorDetails, form: type[Form]) -> str:
    loc = tuple(error["loc"])
    match error["type"]:
        case "missing":
            return "required, and missing"
        case "extra_forbidden":
            return f"not a known field{nearest(str(loc[-1]), _fields(form, loc[:-1]))}"
        case "literal_error":
            expected = re.findall(r"'([^']+)'", str(error.get("ctx", {}).get("expected", "")))
            return f"{error['input']!r} is not one of {', '.join(expected)}"
        case "value_error" | "assertion_error":
            return error["msg"].partition(", ")[2]
        case kind:
            needed = _NEEDED.get(kind) or error["msg"][:1].lower() + error["msg"][1:]
            return f"{needed} (given: {str(error['input'])[:60]!r})"


def _fields(form: type[Form], loc: Path) -> Iterator[str]:
    """The names that may be written where `loc` points."""
    at: type[Form] | None = form
    for part in loc:
        if at is not None and isinstance(part, str):
            declared = {f.alias or name: f for name, f in at.model_fields.items()}
            at = next(_forms_in(declared[part].annotation), None) if part in declared else at
    for name, declared_field in (at.model_fields if at else {}).items():
        yield declared_field.alias or name


def _forms_in(annotation: Any) -> Iterator[type[Form]]:
    if isinstance(annotation, type) and issubclass(annotation, Form):
        yield annotation
    for inner in get_args(annotation):
        yield from _forms_in(inner)


# ------------------------------------------------------------- what is written in a field

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])|24:00")
Moment = date | datetime


def _word(value: Any) -> str:
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not _ID.fullmatch(text):
        raise ValueError(f"{value!r} is not an id: letters, digits, '-', '_' and '.', at most 64, no blanks")
    return text


def _snake(value: Any) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", str(value)):
        raise ValueError(f"{value!r} is not a name in small letters with '_' between words")
    return str(value)


def _elapsed(value: Any) -> timedelta:
    found = Duration.parse(str(value)).elapsed()
    if not found:
        raise ValueError("must be longer than nothing")
    return found


def _moment(value: Any) -> Moment:
    if isinstance(value, datetime | date):
        return value
    try:
        found: Moment = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is neither a date (2026-01-31) nor a time with offset (2026-01-31T08:00:00+07:00)") from None
    if isinstance(found, datetime) and found.tzinfo is None:
        raise ValueError(f"{value!r} lacks its offset from UTC (as in +07:00)")
    return found


def _instant(value: Any) -> datetime:
    found = _moment(value)
    if not isinstance(found, datetime):
        raise ValueError(f"{value!r} must be a time with offset (as in 2026-01-31T08:00:00+07:00)")
    return found


def _date(value: Any) -> date:
    found = _moment(value)
    if isinstance(found, datetime):
        raise ValueError(f"{value!r} must be a date (2026-01-31)")
    return found


def _hour(value: Any) -> time:
    """A local time; 24:00 is 00:00."""
    if not _HOUR.fullmatch(str(value)):
        raise ValueError(f"{value!r} is not a time of day, HH:MM")
    return time() if value == "24:00" else time.fromisoformat(str(value))


def _hours(value: Any) -> tuple[time, time]:
    first, dash, last = str(value).partition("-")
    if not dash:
        raise ValueError(f"{value!r} is not HH:MM-HH:MM")
    return _hour(first.strip()), _hour(last.strip())


def _titles(value: Any) -> Any:
    """A name alone is an English one."""
    titles = {"en": value} if isinstance(value, str | int) else value
    if not isinstance(titles, dict) or not titles or not all(isinstance(t, str | int) and str(t).strip() for t in titles.values()):
        raise ValueError("a name, or a name by language: {en: ..., vi: ..., zh: ...}")
    wrong = [code for code in titles if not re.fullmatch(r"[a-z]{2}(-[A-Za-z]{2,4})?", code)]
    if wrong:
        raise ValueError(f"{wrong[0]!r} is not a language code")
    return titles


Word = Annotated[str, PlainValidator(_word)]
Snake = Annotated[str, PlainValidator(_snake)]
Text = Annotated[str, Field(min_length=1)]
Titles = Annotated[dict[str, str], BeforeValidator(_titles)]
Span = Annotated[Duration, PlainValidator(lambda value: Duration.parse(str(value)))]
Amount = Annotated[Value, PlainValidator(lambda value: any_value(str(value)))]
Elapsed = Annotated[timedelta, PlainValidator(_elapsed)]
When = Annotated[Moment, PlainValidator(_moment)]
Instant = Annotated[datetime, PlainValidator(_instant)]
Day = Annotated[date, PlainValidator(_date)]
Hour = Annotated[time, PlainValidator(_hour)]
Hours = Annotated[tuple[time, time], PlainValidator(_hours)]


def in_utc(moment: Moment | None, zone: ZoneInfo) -> datetime | None:
    """A written moment as an instant; a date alone is the local midnight that begins it."""
    if moment is None:
        return None
    return moment.astimezone(UTC) if isinstance(moment, datetime) else midnight(moment, zone)
