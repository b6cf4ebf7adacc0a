"""Why something was found to be so, and what a reason of a reader means, in English: what the command prints.

Screens have the same keys as `try.<key>`, and the reasons, in their languages.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

from data import feeds

BECAUSE: Mapping[str, str] = {
    "declared": "the options say so",
    "archive_member": "an archive; its first file is {name}",
    "archive_members": "an archive of {n} files; the first of them is tried: {name}",
    "archive_none": "an archive, of which no file can be had",
    "format_asked": "as asked",
    "format_feed": "as the feed {feed} declares",
    "format_edifact": "the file begins like UN/EDIFACT and its first message is {kind}",
    "format_edifact_unknown": "the file is UN/EDIFACT, but no reader knows the message {kind}",
    "format_json": "the file begins like JSON",
    "format_json_unknown": "the file is JSON, which no reader knows",
    "format_epcis": "the file is EPCIS (JSON-LD)",
    "format_table": "of the table formats its columns fit this one best ({n} of them are known)",
    "format_table_weak": "it is a table, but no format finds all that it needs: {lacks} is lacking",
    "format_other": "the file is {kind}, which no reader takes",
    "format_none": "it looks like none of the formats",
    "encoding_mark": "the file begins with its byte order mark",
    "encoding_ascii": "there are only plain letters in it",
    "encoding_zeros": "every other byte is zero, and there is no byte order mark",
    "encoding_utf8": "all of it is UTF-8; among its letters are {letters}",
    "encoding_letters": "it is not UTF-8; read so, it makes ordinary text with {letters}",
    "encoding_none": "it is not UTF-8, and none of the encodings that are tried makes text of it",
    "encoding_differs": "the options say {declared}, but the bytes look like {value}",
    "delimiter_cuts": "it cuts the first lines alike, into {n} columns",
    "delimiter_differs": "the options say {declared}, but {value} cuts the lines alike, into {n} columns",
    "time_iso": "all {n} times are ISO 8601",
    "time_only": "the only form that reads all {n} times",
    "time_day_first": "day first: line {line} has {text}, and there is no such month",
    "time_month_first": "month first: line {line} has {text}, and there is no such month",
    "time_not_ahead": "also {other} would read all {n} times, but then {ahead} of them lie ahead of the file",
    "time_shorter": "cannot be told from the days, none is above 12; {other} would read all {n} times too, but over a longer time",
    "time_cannot_tell": "cannot be told: {other} would read all {n} times too; ask who sends it",
    "time_most": "it reads {n} of {all} times; not that of line {line}: {text}",
    "time_unread": "no form reads most of the {n} times, such as {example}",
    "time_none": "no column of times is known",
    "time_differs": "the options say {declared}, which reads {read} of {all} times; {value} reads {n}",
    "decimal_cents": "line {line} has {text}",
    "decimal_plausible": "read so, {n} of {all} weights are those of a container",
    "decimal_none": "no weight has a mark in it",
    "decimal_two_ways": "cannot be told: {text} in line {line} may be two numbers; ask who sends it",
    "column_name": "by its name",
    "column_values": "by its values",
    "column_only_time": "the only column of times",
    "column_declared": "the options say so",
    "shift_future": "the newest time lies {minutes} minutes ahead of now, a little less than {hours} hours: UTC and local time mixed up?",
    "shift_past": "the newest time lies {minutes} minutes before the file's own, a little more than {hours} hours, though it tells of"
    " something every {every} minutes: UTC and local time mixed up?",
    "shift_told_later": "of {n} movements that other sources tell of too, {same} are {hours} hours later here",
    "shift_told_earlier": "of {n} movements that other sources tell of too, {same} are {hours} hours earlier here",
    "would_no_database": "there is no database to ask",
    "would_no_format": "the format is not known",
    "would_nothing": "nothing in it moves a box or holds one",
    "would_too_large": "the file is too large for that",
    "would_known": "these very bytes were received before: nothing would follow",
}


def because(key: str, values: Mapping[str, Any]) -> str:
    """The sentence of a key."""
    return BECAUSE.get(key, key).format_map({name: value for name, value in values.items()} if values else {})


@cache
def _meanings() -> Mapping[str, str]:
    """The sentences of all readers, by reason."""
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(feeds.__path__):
        found |= getattr(import_module(f"data.feeds.{module.name}"), "REASONS", {})
    return found


def meaning(reason: str) -> str:
    """What a reason of a reader means, with … where the detail stands; "" for one that no reader has."""
    return _meanings().get(reason, "").replace("{detail}", "…")
