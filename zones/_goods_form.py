"""What may be written of goods: statuses and watched goods in the file of a jurisdiction, operators in place.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field, PlainValidator

from zones._declare import Form, Path, Snake, Text, Titles, When, Word, Written, in_utc, neighbour
from zones._spans import overlaps
from zones.goods import LAST_DAY, Article, Goods, Input, Method, Operator, Process, Status, Watch
from zones.hs import EDITIONS, HsList, read_list
from zones.measure import Measure

Confirmed = Literal["confirmed", "unconfirmed"]


def _hs(value: Any) -> str:
    """The beginning of an HS code; digits alone come out."""
    text = re.sub(r"[.\s]", "", str(value))
    if not re.fullmatch(r"[0-9]{2,12}", text):
        raise ValueError(f'{value!r} is no HS code: two digits of a chapter or more, as "61" or "6109.10"')
    return text


def _year_end(value: Any) -> tuple[int, int]:
    written = re.fullmatch(r"([0-9]{2})-([0-9]{2})", str(value))
    try:
        day = date(2001, int(written[1]), int(written[2])) if written else None  # a year without a 29 February: this day comes every year
    except ValueError:
        day = None
    if day is None:
        raise ValueError(f'{value!r} is no day of every year: MM-DD, as "06-30"')
    return day.month, day.day


def _share(value: Any) -> Fraction:
    try:
        share = Measure.parse(str(value))
    except ValueError:
        share = Measure(0, "%")
    if share.unit != "%" or not share.hundredths:
        raise ValueError(f"{value!r} is no share of the weight of an input: write 95%")
    return share.exact


def _edition(value: Any) -> str:
    if str(value) not in EDITIONS:
        raise ValueError(f"{value!r} is no edition of the Harmonized System: {', '.join(EDITIONS)}")
    return str(value)


def _several(value: Any) -> Any:
    return (value,) if isinstance(value, str | int) and not isinstance(value, bool) else value


Hs = Annotated[str, PlainValidator(_hs)]


class StatusForm(Form):
    """A line of `statuses` of a jurisdiction."""

    id: Snake
    name: Titles
    kind: Literal["temporary", "domestic"] | None = None
    citation: Text
    citation_status: Confirmed = "unconfirmed"


class WatchForm(Form):
    """A line of `watch` of a jurisdiction."""

    name: Titles
    hs: Annotated[tuple[Hs, ...], BeforeValidator(_several)]
    operations: Annotated[tuple[Text, ...], BeforeValidator(_several)] = ()
    citation: Text
    citation_status: Confirmed = "unconfirmed"


class HsForm(Form):
    """`hs` of a jurisdiction: the name of a file beside it, and the edition of the codes in it."""

    edition: Annotated[str, PlainValidator(_edition)]
    codes: Text


class MethodForm(Form):
    """How an operator tells goods from each other, and when."""

    method: Literal["zone_lot", "fifo"]
    from_: When | None = Field(None, alias="from")
    to: When | None = None


class ArticleForm(Form):
    """Goods by item or by HS code."""

    item: Text | None = None
    hs: Hs | None = None


class InputForm(ArticleForm):
    """An input of a process."""

    yield_: Annotated[Fraction, PlainValidator(_share)] = Field(alias="yield")


class ProcessForm(Form):
    """A process of an operator, as he declared it."""

    id: Word
    output: ArticleForm
    inputs: tuple[InputForm, ...]


class OperatorForm(Form):
    """A line of `operators` of place.yaml."""

    id: Word
    name: Titles
    codes: Annotated[tuple[Text, ...], BeforeValidator(_several)] = ()
    methods: tuple[MethodForm, ...] = ()
    year_end: Annotated[tuple[int, int], PlainValidator(_year_end)] = LAST_DAY
    processes: tuple[ProcessForm, ...] = ()
    contact: Text = ""


def goods_faults(statuses: tuple[StatusForm, ...], watch: tuple[WatchForm, ...]) -> Iterator[tuple[Path, str]]:
    """What one field of a jurisdiction cannot know of another: (where, message)."""
    names: set[str] = set()
    for i, status in enumerate(statuses):
        own = {status.id.casefold(), *(name.casefold() for name in status.name.values())}
        if clash := sorted(own & names):
            yield ("statuses", i, "id" if status.id.casefold() in clash else "name"), f"{clash[0]!r} names two statuses"
        names |= own
    for i, each in enumerate(watch):
        if not each.hs:
            yield ("watch", i, "hs"), "no HS code: nothing is watched"


def listed_codes(written: Written[Any], form: HsForm, beside: Mapping[str, str | None]) -> HsList | None:
    """The list of codes that a jurisdiction names, its mistakes noted where they stand. `beside`: the texts in the same folder, by name;
    None of one that cannot be read."""
    if form.codes not in beside:
        written.fault(("hs", "codes"), f"there is no {form.codes} beside {written.file} (a .csv or a .txt)")
        return None
    text = beside[form.codes]
    if text is None:
        written.fault(("hs", "codes"), f"{form.codes} cannot be read as UTF-8 text")
        return None
    found, faults = read_list(neighbour(written.file, form.codes), text, form.edition)
    written.faults += faults
    return None if faults else found


def operator_faults(operators: tuple[OperatorForm, ...]) -> Iterator[tuple[Path, str]]:
    """What one field of an operator cannot know of another: (where, message)."""
    called: dict[str, str] = {}
    for i, operator in enumerate(operators):
        if called.setdefault(operator.id.casefold(), operator.id) != operator.id or operator.id in [o.id for o in operators[:i]]:
            yield ("operators", i, "id"), f"{operator.id!r} is given twice"
    for i, operator in enumerate(operators):
        for n, code in enumerate(operator.codes):
            if called.setdefault(code.casefold(), operator.id) != operator.id:
                yield ("operators", i, "codes", n), f"{code!r} already names {called[code.casefold()]!r}"
        for n, key, message in overlaps([("a method", m.from_, m.to) for m in operator.methods], "from", "to"):
            yield ("operators", i, "methods", n, key), message
        for n, process in enumerate(operator.processes):
            where: Path = ("operators", i, "processes", n)
            if process.id in [before.id for before in operator.processes[:n]]:
                yield (*where, "id"), f"{process.id!r} is given twice"
            if _article(process.output) in [_article(before.output) for before in operator.processes[:n]]:
                yield (*where, "output"), f"{_spelled(process.output)} comes out of another process already"
            yield from _process_faults(process, where)


def _process_faults(process: ProcessForm, where: Path) -> Iterator[tuple[Path, str]]:
    if not process.inputs:
        yield (*where, "inputs"), "nothing goes in"
    every: list[tuple[Path, ArticleForm]] = [(("output",), process.output), *((("inputs", k), one) for k, one in enumerate(process.inputs))]
    for path, one in every:
        if (one.item is None) == (one.hs is None):
            yield (*where, *path), "either item or hs, and one of them"
    for k, one in enumerate(process.inputs):
        if _article(one) in [_article(before) for before in process.inputs[:k]]:
            yield (*where, "inputs", k), f"{_spelled(one)} is given twice"


def declared_goods(statuses: Iterable[StatusForm], watch: Iterable[WatchForm]) -> Goods:
    """What a jurisdiction says of goods, as the rules need it."""
    return Goods(
        tuple(Status(s.id, s.name, s.kind or "", s.citation, s.citation_status == "confirmed") for s in statuses),
        tuple(Watch(w.name, w.hs, w.operations, w.citation, w.citation_status == "confirmed") for w in watch),
    )


def operator(form: OperatorForm, zone: ZoneInfo) -> Operator:
    """As the ledger and the rules need it; a date alone is the local midnight that begins it."""
    return Operator(
        id=form.id,
        name=form.name,
        codes=form.codes,
        methods=tuple(Method(m.method, in_utc(m.from_, zone), in_utc(m.to, zone)) for m in form.methods),
        year_end=form.year_end,
        processes=tuple(
            Process(p.id, _article(p.output), tuple(Input(_article(one), one.yield_) for one in p.inputs)) for p in form.processes
        ),
        contact=form.contact,
    )


def _article(form: ArticleForm) -> Article:
    return Article(form.item or "", form.hs or "")


def _spelled(form: ArticleForm) -> str:
    return f"item {form.item}" if form.item else f"HS {form.hs}"
