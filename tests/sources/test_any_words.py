"""Whatever is declared, or named as the next page: a clear refusal, or a request to the declared server; never anything else."""

from __future__ import annotations

import contextlib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from data.sources import BadSource, complaint, open_source
from data.sources._paging import Bookmark
from data.sources._source import shown_name
from data.sources.json_api import Pages

PIECES = st.sampled_from([
    "http://", "https://", "//", "/", "?", "#", "a.example", "b.example", ":443", ":8443",
    "@", "[", "]", "..", "%00", "\r\n", " ",
                          "cursor=", "&", "\\", "é", "s3://", "sftp://", "file://", "::", "*", "127.0.0.1",
])  # fmt: skip
WORDS = st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=8).map("".join)
ONE = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))
PLAIN = st.recursive(ONE, lambda some: st.lists(some, max_size=2), max_leaves=3)
OPTIONS = st.sampled_from(["private", "host_key", "pages", "connect_s", "largest_mb", "endpoint", "driver", "ca_file", "token_header", "x"])


@given(url=WORDS, fetch=st.dictionaries(OPTIONS, PLAIN, max_size=3))
def test_whatever_is_declared_is_refused_in_words_or_taken(url: str, fetch: dict[str, Any]) -> None:
    said = complaint(url, fetch)
    assert isinstance(said, str)


@given(following=WORDS)
def test_whatever_is_named_as_the_next_page_stays_on_the_server(following: str) -> None:
    source = open_source("https://a.example/v2/events", None, {"pages": {"style": "dcsa22"}})
    assert isinstance(source, Pages)
    with contextlib.suppress(BadSource):
        target = source._target(None, following)
        assert target.startswith("/")
        assert not target.startswith("//")
        assert all(33 <= ord(letter) < 127 for letter in target)


@given(text=st.text(max_size=30))
def test_whatever_was_kept_as_a_bookmark(text: str) -> None:
    assert isinstance(Bookmark.read(text, None), Bookmark)


@given(name=st.text(max_size=400).filter(lambda name: "\0" not in name))
def test_whatever_a_name_it_can_be_shown_and_kept(name: str) -> None:
    from pathlib import PurePosixPath

    shown = shown_name(PurePosixPath(name))
    assert shown.isprintable()
    assert len(shown) <= 300
    shown.encode()
