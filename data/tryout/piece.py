"""The piece of place.yaml by which a feed would read a file so. Written by whoever administers the declarations, never by this program."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml


class _Plain(yaml.SafeDumper):
    """Indents lists as the guide does."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        return super().increase_indent(flow, False)


class _Quoted(str):
    """A text that is written in quotation marks."""

    __slots__ = ()


_Plain.add_representer(_Quoted, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"'))


def fragment(feed: str, format: str, publisher: str, source: str, options: Mapping[str, Any]) -> str:
    """An entry of `feeds:`, indented as it stands there."""
    entry: dict[str, Any] = {"id": feed, "format": format, "publisher": publisher, "source": source, "every": "1m"}
    if options:
        entry["options"] = {
            key: _Quoted(value) if key in ("delimiter", "decimal", "thousands", "time_format") else value for key, value in options.items()
        }
    text = yaml.dump([entry], Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120)
    return "".join(f"  {line}\n" for line in text.splitlines())
