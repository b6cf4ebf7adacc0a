"""Why a message, a record or a report does not count: the key a reader gives, as a sentence in the reader's language."""

from __future__ import annotations

import re

from layouts._text import has, say, word

# "{detail}" with the punctuation that leads to it: left out together where there is no detail, or it may not be shown.
_DETAIL = re.compile(r"\s?[:(:(]?\s?\{detail\}[))]?")


# What readers say of a fault and where it stands is kept as they wrote it (data/feeds); these of their words have a catalogue's.
_SAID = {
    "says_has": re.compile(r"says (?P<said>.+), has (?P<has>.+)"),
    "more_bytes": re.compile(r"more than (?P<n>\d+) bytes"),
    "more_than": re.compile(r"more than (?P<n>\d+)"),
    "n_of": re.compile(r"(?P<n>\d+) of (?P<all>\d+)"),
    "character": re.compile(r"character (?P<n>\d+)"),
    "nothing": re.compile(r"nothing"),
    "plain_text": re.compile(r"plain text"),
    "binary_data": re.compile(r"binary data"),
    "end_missing": re.compile(r"the end of the events is missing"),
    "too_deep": re.compile(r"nested too deeply"),
    "segments": re.compile(r"(?P<n>\d+) segments"),
    "column_long": re.compile(r"(?P<name>\S+) has (?P<n>\d+) characters"),
    "not_mapped": re.compile(r"(?P<name>\S+) (?P<value>.+) is not in the mapping"),
    "not_a_weight": re.compile(r"(?P<name>\S+) (?P<value>.+) is not a weight"),
    "not_a_time": re.compile(r"(?P<name>\S+) (?P<value>.+) is not a time"),
    "no_event": re.compile(r"no event"),
    "no_act": re.compile(r"no act"),
    "unit_taken": re.compile(r"(?P<name>uom) (?P<value>.+) taken as (?P<code>\S+)"),
    "rounded": re.compile(r"(?P<name>\S+) (?P<value>.+) has more than (?P<n>\d+) decimal places: rounded"),
    "only_a_day": re.compile(r"(?P<name>\S+) is a day"),
    "taken_instead": re.compile(r"(?P<name>\S+) is empty: (?P<other>\S+) taken"),
    "no_place": re.compile(r"names no place"),
    "place_undeclared": re.compile(r"place not declared: (?P<code>.+)"),
    "column_empty": re.compile(r"(?P<name>[\w, ]+): empty"),
}
_STANDS = {
    "at_line_of": re.compile(r"line (?P<n>\d+)[ /](?P<what>\S+)"),
    "at_line": re.compile(r"line (?P<n>\d+)"),
    "at_event_of": re.compile(r"event (?P<n>\d+) \((?P<what>.+)\)"),
    "at_event": re.compile(r"event (?P<n>\d+)(?: [\w ]+)?"),
    "at_row_of": re.compile(r"row (?P<n>\d+) (?P<what>\S+)"),
    "at_row": re.compile(r"row (?P<n>\d+)"),
    "at_sheet": re.compile(r"(?P<sheet>.+): (?P<row>row \d+(?: \S+)?)"),
    "at_member": re.compile(r"member (?P<n>\d+)"),
    "at_archive": re.compile(r"archive"),
    "at_byte": re.compile(r"byte (?P<n>\d+)"),
    "at_list": re.compile(r"list"),
    "at_options": re.compile(r"options"),
}


def where(position: str, language: str) -> str:
    """Where in a message something stands, in the reader's words; the names of segments are the same in all languages."""
    for key, form in _STANDS.items():
        if told := form.fullmatch(position):
            parts = {name: _part(name, part, language) for name, part in told.groupdict().items()}
            return say(f"reasons.{key}", language, **parts)
    return position


def _part(name: str, part: str, language: str) -> str:
    return word("event", part, language) if name == "what" else where(part, language) if name == "row" else part


def _said(detail: str, language: str) -> str:
    for key, form in _SAID.items():
        if told := form.fullmatch(detail):
            parts = {name: part if name in ("value", "name") else _said(part, language) for name, part in told.groupdict().items()}
            return say(f"reasons.{key}", language, **parts)
    return detail


def reason(key: str, detail: str, language: str) -> str:
    """The sentence of a reason. A key that is not known comes back as it is: a reader may be newer than the catalogue."""
    detail = _said(detail, language)
    if not has(f"reasons.{key}"):
        return say("reasons.other", language, reason=key, detail=detail) if detail else key
    return say(f"reasons.{key}", language, detail=detail) if detail else _DETAIL.sub("", say(f"reasons.{key}", language))


def why(text: str, language: str) -> str:
    """What stands in the `why` of a report: "key: detail; key" as sentences; words that are no key stay as they are."""
    said = []
    for item in filter(None, text.split("; ")):
        key, _, detail = item.partition(": ")
        said.append(reason(key, detail, language) if has(f"reasons.{key}") else _said(item, language))
    return " ".join(said)
