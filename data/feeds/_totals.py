"""Rows of a table that are totals of the rows above them: they are held against these, and taken for nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from data.feeds._columns import Columns, nearest, tidy_name
from data.feeds._figures import kept, plain
from data.feeds._lines import Fault
from data.feeds._when import BadOptions

Sums = dict[tuple[str, str], int]  # (which figure, its unit) -> its sum, exactly


@dataclass(slots=True)
class Totals:
    """The option `total`, bound to a file: which rows are totals, and what the rows since the last of them come to."""

    index: int
    words: frozenset[str]
    places: Mapping[str, int]
    sums: Sums = field(default_factory=lambda: defaultdict(int))

    def is_one(self, row: Sequence[str]) -> bool:
        """Whether a row is a total."""
        return row[self.index].strip().casefold() in self.words

    def add(self, figures: Mapping[tuple[str, str], int]) -> None:
        """One row's figures."""
        for key, exact in figures.items():
            self.sums[key] += exact

    def differs(self, said: Mapping[tuple[str, str], int]) -> str:
        """What a total says and what there is, where they differ in the places that are kept (a program that adds doubles ends beside
        them), else "". A total without a unit is one of the column, whatever the units. What follows is counted anew."""
        sums, self.sums = self.sums, defaultdict(int)
        wrong = []
        for (name, unit), exact in said.items():
            found = sums[name, unit] if unit else sum(each for (other, _), each in sums.items() if other == name)
            if _rounded(found, self.places[name]) != _rounded(exact, self.places[name]):
                label = unit or {"gross_kg": "kg gross", "net_kg": "kg net"}.get(name, "")
                wrong.append(tuple(f"{plain(each)} {label}".strip() for each in (exact, found)))
        return f"says {', '.join(one for one, _ in wrong)}, has {', '.join(other for _, other in wrong)}" if wrong else ""


def declared(options: Mapping[str, object]) -> tuple[str, frozenset[str]] | None:
    """(column, words in small letters) of the option `total`; None where there is none. Raises BadOptions."""
    given = options.get("total")
    if given is None or given == "":
        return None
    if not isinstance(given, Mapping) or set(given) != {"column", "value"} or not tidy_name(given["column"]):
        raise BadOptions("total needs a column, and the value that it has in a row of totals")
    value = given["value"]
    words: Collection[object] = value if isinstance(value, list | tuple) else (value,)
    if not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise BadOptions("total: the value is no word")
    return tidy_name(given["column"]), frozenset(str(word).strip().casefold() for word in words)


def bound(options: Mapping[str, object], heading: Sequence[str], columns: Columns, places: Mapping[str, int]) -> Totals | None:
    """The option on this header; its column is no longer left over. `places`: what is kept of each figure. Raises Fault
    where the header lacks it."""
    found = declared(options)
    if found is None:
        return None
    names = [tidy_name(name) for name in heading]
    if names.count(found[0]) != 1:
        raise Fault("missing_column" if found[0] not in names else "double_column", f"{found[0]!r}{nearest(found[0], names)}")
    index = names.index(found[0])
    columns.left = [left for left in columns.left if left.index != index]
    return Totals(index, found[1], places)


def _rounded(exact: int, places: int) -> int | None:
    found = kept(exact, places)
    return found[0] if found else None
