"""How many seals a record keeps: they are looked up by an index, and PostgreSQL indexes up to 2,704 bytes. More would stop the pull."""

from __future__ import annotations

from collections.abc import Iterable

SEALS = 400  # characters of the numbers together, as in tables


def fitting(numbers: Iterable[str]) -> int:
    """How many of the numbers, from the first, fit into one record."""
    length = count = 0
    for count, number in enumerate(numbers, 1):
        length += len(number) + 1
        if length > SEALS + 1:
            return count - 1
    return count
